import { expect, it } from 'vitest'
import {
  formProblems,
  freeName,
  hostNameProblem,
  secretNameProblem,
} from '../../../../renderer/features/accounts/form-checks.ts'

const field = {
  name: 'apiKey',
  label: 'API key',
  secret: true,
  help: 'It starts with tc_.',
  pattern: 'tc_[a-z]+',
  placeholder: null,
  link: null,
  environmentVariable: null,
}

it('finds what cannot be right before anything is asked', () => {
  const fields = [field, { ...field, name: 'project', label: 'Project', pattern: null }]
  expect(formProblems(fields, { apiKey: 'sk_x', project: 'a' })).toEqual({
    apiKey: 'This does not look like the API key. It starts with tc_.',
  })
  expect(formProblems(fields, { apiKey: ' tc_x \n' })).toEqual({ project: 'Project is missing.' })
  expect(formProblems(fields, { apiKey: 'tc_x and more', project: 'a' })).toHaveProperty('apiKey')
})

it('proposes a name that is free', () => {
  expect(freeName('main', [])).toBe('main')
  expect(freeName('main', ['main', 'main 2'])).toBe('main 3')
})

it('knows what may name a host and a secret', () => {
  expect(hostNameProblem('lab-1', [])).toBeNull()
  expect(hostNameProblem('lab', ['lab'])).toContain('already')
  expect(hostNameProblem('my lab', [])).toContain('letters')
  expect(secretNameProblem('HF_TOKEN')).toBeNull()
  expect(secretNameProblem('HF-TOKEN')).toContain('letters')
})
