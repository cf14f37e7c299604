/** The procedures about settings. */
export const settingsService = {} as const
