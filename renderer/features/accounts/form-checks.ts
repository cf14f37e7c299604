import type { AccountField } from './accounts-store.ts'

/** What is wrong with a value before anything is asked; null when it may be right. */
export function fieldProblem(field: AccountField, value: string): string | null {
  const written = value.trim()
  if (written === '') {
    if (field.optional) return null
    return field.environmentVariable === null
      ? `${field.label} is missing.`
      : `${field.label} is missing; ${field.environmentVariable} of Sublet’s environment would do too.`
  }
  if (field.pattern !== null && !new RegExp(`^(?:${field.pattern})$`).test(written)) {
    return `This does not look like the ${field.label}. ${field.help}`
  }
  return null
}

/** The first problem of each field, by name; empty when all may be right. */
export function formProblems(
  fields: readonly AccountField[],
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const problem = fieldProblem(field, values[field.name] ?? '')
      return problem === null ? [] : [[field.name, problem]]
    }),
  )
}

/** `work` where the provider has no account of that name yet, else `work 2` and so on. */
export function freeName(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} ${number}`
    if (!taken.includes(name)) return name
  }
}

/** Why a host cannot have this name; null when it can. */
export function hostNameProblem(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'A host needs a name.'
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    return 'Use letters, digits, dot, dash and _, starting with a letter or digit.'
  }
  return taken.includes(name) ? `There is already a host named ${name}.` : null
}

/** Why a job's secret cannot have this name; null when it can. */
export function secretNameProblem(name: string): string | null {
  if (name === '') return 'A secret needs a name, such as HF_TOKEN.'
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? null
    : 'Use letters, digits and _, not starting with a digit: jobs see it as a variable.'
}
