import { z } from 'zod';

/** What a function says of a batch (AWS Lambda: ReportBatchItemFailures); nothing at all means that all went well. */
export const BatchAnswer = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullable();
