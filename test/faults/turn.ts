const dayMs = 86_400_000;

/** Which share of the single faults `npm test` plays: another one each day. `FAULTS_TURN` chooses one. */
export const turn = Number(process.env.FAULTS_TURN ?? Math.floor(new Date().getTime() / dayMs));
