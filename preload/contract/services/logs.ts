/** The procedures about logs. */
export const logsService = {} as const
