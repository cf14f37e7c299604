import { SubletError } from '../../domain/errors.ts'

/**
 * The form in which a job's environment crosses: `NAME \0ooo…` lines, one octal escape a byte, and
 * `end`. A shell decodes it with builtins alone, so values touch neither disk nor argument list.
 */
export function encodeEnvironment(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new SubletError(
        'invalid',
        `${JSON.stringify(name)} cannot be the name of an environment variable; use letters, digits and underscores.`,
      )
    }
    if (value.includes('\0')) {
      throw new SubletError('invalid', `The value of ${name} holds a NUL byte; remove it.`)
    }
    const bytes = Array.from(
      Buffer.from(value, 'utf8'),
      (byte) => `\\0${byte.toString(8).padStart(3, '0')}`,
    )
    return `${name} ${bytes.join('')}\n`
  })
  return `${lines.join('')}end\n`
}
