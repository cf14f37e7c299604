import { z } from 'zod'
import { jobFileSchema } from '../job-file.ts'
import { call } from '../procedure.ts'
import { bytes, jobRef, nothing } from './common.ts'

export const fileKindSchema = z.enum(['file', 'folder', 'other'])

export const fileEntrySchema = z.object({
  name: z.string(),
  path: z.string(),
  kind: fileKindSchema,
  /** Null for folders. */
  bytes: z.int().nullable(),
  modifiedAt: z.int(),
  hidden: z.boolean(),
})
export type FileEntry = z.infer<typeof fileEntrySchema>

export const folderListingSchema = z.object({
  dir: z.string(),
  /** Null at the top of the file system. */
  parent: z.string().nullable(),
  /** Folders first, names in natural order; at most 5,000. */
  entries: z.array(fileEntrySchema),
  /** How many more there are than are listed. */
  more: z.int(),
})
export type FolderListing = z.infer<typeof folderListingSchema>

/** What a path could be for a job, judged by its name and its content. */
export const inputRoleSchema = z.enum(['job-file', 'script', 'code', 'data'])
export type InputRole = z.infer<typeof inputRoleSchema>

export const fileFactsSchema = z.object({
  path: z.string(),
  name: z.string(),
  /** The folder that it is in. */
  folder: z.string(),
  kind: fileKindSchema,
  bytes: z.int().nullable(),
  modifiedAt: z.int(),
  role: inputRoleSchema,
  /** The job file that a `job-file` role means: itself, or the sublet.yaml in the folder. */
  jobFile: z.string().nullable(),
})
export type FileFacts = z.infer<typeof fileFactsSchema>

const openedJobFile = z.object({ file: jobFileSchema, baseDir: z.string() })
const dropRef = z.object({ dropId: z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/) })

/** The procedures about files of this computer: choosing inputs, job files, things dropped in a browser. */
export const filesService = {
  /** A folder's entries; the user's home folder for null. */
  list: call(z.object({ dir: z.string().nullable() }), folderListingSchema),
  stat: call(z.object({ path: z.string() }), fileFactsSchema),
  openJobFile: call(z.object({ path: z.string() }), openedJobFile),
  /** Fails with `conflict` where the file exists, unless `replace`. */
  saveJobFile: call(
    z.object({ path: z.string(), file: jobFileSchema, replace: z.boolean() }),
    z.object({ path: z.string() }),
  ),
  /** A job as the file that asks for it again; the results go to a new folder. */
  jobAsFile: call(jobRef, openedJobFile),
  /** Puts the bundled example in place, once, for a first job on the sandbox. */
  demo: call(
    nothing,
    openedJobFile.extend({ script: z.string(), data: z.string(), outputDir: z.string() }),
  ),
  /** A browser gives no paths: what is dropped there is copied into the home, piece by piece. */
  dropBegin: call(nothing, dropRef.extend({ pieceBytes: z.int(), limitBytes: z.int() })),
  /** Pieces of one file come in order; an empty one at offset 0 makes an empty file. */
  dropWrite: call(
    dropRef.extend({ path: z.string(), offset: z.int().nonnegative(), bytes }),
    z.object({ writtenBytes: z.int() }),
  ),
  /** Answers what was dropped, top level only; with `keep` false it is removed again. */
  dropFinish: call(dropRef.extend({ keep: z.boolean() }), z.object({ paths: z.array(z.string()) })),
} as const
