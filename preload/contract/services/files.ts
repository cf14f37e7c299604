/** The procedures about files. */
export const filesService = {} as const
