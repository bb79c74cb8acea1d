import { requestKey, sendRequest } from '../asking';
import { emergencyForm } from '../emergency';
import type { Form } from '../listener';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';
import { readAsked, reviewFormId } from '../views/review-form';

/** The last page was read. What has come in between is said here, and the form below keeps everything that was typed. */
export const reviewSubmit: Form = {
  kind: 'form',
  id: reviewFormId,
  async submit(parts, submitted) {
    const { view, person } = submitted;
    const asked = readAsked(view.private_metadata);
    const answer = await sendRequest(parts, submitted, asked);
    if ('show' in answer) return answer;
    const request = { ...asked, key: requestKey(person, view) };
    const emergency = await emergencyForm(parts, submitted, request, answer.problem);
    if (emergency) return { show: emergency };
    return { show: notice('Not sent', problemText(answer.problem, parts.house), { close: 'Back' }) };
  },
};
