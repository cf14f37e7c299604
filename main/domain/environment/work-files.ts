/** The files of the work folder that decide about its environment; null where there is none. */
export interface WorkFiles {
  readonly requirementsTxt: string | null
  readonly pyproject: string | null
  readonly uvLock: string | null
  readonly renvLock: string | null
}

/** Their names in the work folder. */
export const workFileNames = {
  requirementsTxt: 'requirements.txt',
  pyproject: 'pyproject.toml',
  uvLock: 'uv.lock',
  renvLock: 'renv.lock',
} as const satisfies Record<keyof WorkFiles, string>

/** The project asks for packages; a pyproject that only configures tools does not. */
export function asksForPackages(files: WorkFiles): boolean {
  if (files.requirementsTxt !== null) return /^\s*[^#\s]/m.test(files.requirementsTxt)
  if (files.pyproject === null) return false
  return (
    files.uvLock !== null ||
    /^\s*dependencies\s*=|^\s*dynamic\s*=.*dependencies|^\[tool\.poetry\.dependencies\]/m.test(
      files.pyproject,
    )
  )
}

/** Requirements that point into the work folder: such an environment serves one attempt only. */
export function pointsIntoWorkFolder(files: WorkFiles): boolean {
  const text = files.requirementsTxt ?? ''
  return /^\s*(-e|--editable|-r|--requirement|-c|--constraint|file:|\.{1,2}(\/|\[|\s|$))/m.test(
    text,
  )
}
