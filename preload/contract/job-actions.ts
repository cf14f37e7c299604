import { z } from 'zod'
import { collectionSchema, mirrorStatusSchema } from './collection.ts'
import { ceilingSchema } from './ceiling.ts'
import { jobIdSchema } from './job-state.ts'
import { microsSchema } from './money.ts'
import { stopVerdictSchema } from './rental.ts'

/** What the user asks for: a later end, by a duration or by the time, or more money, or both. */
export const extensionRequestSchema = z.object({
  jobId: jobIdSchema,
  /** Later than the end that the job has now. */
  byMs: z.int().positive().optional(),
  endBy: z.int().positive().optional(),
  /** The new budget in all, for a job that has one. */
  budgetMicros: microsSchema.optional(),
})
export type ExtensionRequest = z.infer<typeof extensionRequestSchema>

/** What an extension means: the new end, and what it may cost. */
export const extensionSchema = z.object({
  /** When the machine ends now, and when it would. */
  fromEndBy: z.int(),
  endBy: z.int(),
  ceiling: ceilingSchema,
  /** What the job may cost more in all, if it runs to the new end. */
  moreMicros: microsSchema,
})
export type Extension = z.infer<typeof extensionSchema>

/** An extension that is journaled. `verdict` was read back; null while there is no machine yet. */
export const extendedSchema = extensionSchema.extend({
  verdict: stopVerdictSchema.nullable(),
  /** What is true now, for the user. */
  sentence: z.string(),
})
export type Extended = z.infer<typeof extendedSchema>

/** What stopping the job would bring, as far as its machine says. */
export const stopPreviewSchema = z.object({
  /** What would still have to come home; null when the machine could not be asked. */
  bytes: z.int().nullable(),
  files: z.int().nullable(),
  /** From the stop to the machine's end, at most as a rule. */
  collectMs: z.int(),
  collectMicros: microsSchema,
  discardMs: z.int(),
  discardMicros: microsSchema,
  /** Whether the job is told with a signal before, and how long it then has. */
  graceMs: z.int(),
})
export type StopPreview = z.infer<typeof stopPreviewSchema>

export const outputFileSchema = z.object({
  /** Relative to the output folder, as it lies there. */
  path: z.string(),
  bytes: z.int(),
  /** When it came home last; null for what came before this was noted. */
  at: z.int().nullable(),
  /** Whether the machine's own hash was the same. */
  verified: z.boolean(),
  /** False when the user has moved or removed it. */
  exists: z.boolean(),
})
export type OutputFile = z.infer<typeof outputFileSchema>

/** What has come home so far, the newest first, as many as were asked for. */
export const outputsSchema = z.object({
  folder: z.string(),
  folderExists: z.boolean(),
  files: z.array(outputFileSchema),
  totalFiles: z.int(),
  totalBytes: z.int(),
  /** How the copies while it runs stand; null while it does not run. */
  mirror: mirrorStatusSchema.nullable(),
  /** What is still to come home, as things stand; null once nothing is. */
  collection: collectionSchema.nullable(),
})
export type Outputs = z.infer<typeof outputsSchema>

/** How an editor with SSH reaches the job's machine. */
export const editorSchema = z.object({
  alias: z.string(),
  /** Opens the job's work folder in VS Code. */
  uri: z.string(),
  /** The command for a terminal. */
  command: z.string(),
  /** Written by Sublet; holds no key. */
  configFile: z.string(),
  userConfigFile: z.string(),
  /** The one line that the user's SSH configuration needs. */
  includeLine: z.string(),
  /** False until that line is there: then the alias is not known to ssh. */
  included: z.boolean(),
})
export type EditorRoute = z.infer<typeof editorSchema>
