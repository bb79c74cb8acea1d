/** The gates of the pipeline at which people have something to press: ids of two of its stages. */
export const approvalGate = 'approval';
export const holdGate = 'hold';
