/**
 * Memory of the functions that look and that write cards, in MB. They wait for RDS and Slack nearly all of their time,
 * and Lambda charges for waiting by the megabyte; what they compute takes as many megabyte-seconds with less (AWS
 * Lambda, Configure Lambda function memory: "CPU power in proportion"). Loaded, they take about a third of it.
 */
export const lookMemoryMb = 256;
