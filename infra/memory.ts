/**
 * Memory of the functions that look and that write cards, in MB. They wait for RDS and Slack nearly all of their time,
 * and Lambda charges for waiting by the megabyte; what they compute takes as many megabyte-seconds with less (AWS
 * Lambda, Configure Lambda function memory: "CPU power in proportion"). The shipped files, measured under the limits of
 * V8 that Lambda sets for so much: 57 MB loaded, 119 MB at most for a watcher that looks after 300 runs in one tick, 100
 * MB for a notifier after a thousand cards. Such a tick computes for half a second of a whole processor, which is five
 * here: a fifth of the time that it has.
 */
export const lookMemoryMb = 192;
