/** The gates of the pipeline at which people have something to press: ids of three of its stages. */
export const approvalGate = 'approval';
export const goAheadGate = 'go-ahead';
export const startGate = 'start-time';
export const holdGate = 'hold';
