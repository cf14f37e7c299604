import { z } from 'zod'
import { jobIdSchema } from '../job-state.ts'

/** The input or output of a procedure that needs none. */
export const nothing = z.object({})

export const jobRef = z.object({ jobId: jobIdSchema })

/**
 * What of the client's environment a request may use: credential variables, SSH_AUTH_SOCK, and
 * shell variables for local steps. A host that serves a renderer puts its own in.
 */
export const clientEnvironment = z.record(z.string(), z.string())

export const bytes = z.base64()
