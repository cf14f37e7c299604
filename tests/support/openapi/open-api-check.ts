import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

/** One request and its answer, as an adapter and a fake have exchanged them. */
export interface Exchange {
  readonly method: string
  /** Without host and query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
}
export interface Answered {
  readonly status: number
  readonly body: unknown
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content?: unknown; $ref?: string }
  readonly responses?: Readonly<Record<string, unknown>>
}
interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required?: boolean
}
interface Description {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export interface OpenApiCheckOptions {
  /** What the paths of requests have in front that the description has in its server's address. */
  readonly prefix?: string
  /** Where the description is known to be wrong: the beginning of a problem, and why. */
  readonly exceptions?: Readonly<Record<string, string>>
}

/** One description with what was compiled of it. */
interface Compiled {
  readonly document: Description
  readonly ajv: Ajv
  readonly validators: Map<string, ValidateFunction | null>
}

/** By file: reading and compiling one takes longer than all that is held against it. */
const compiled = new Map<string, Compiled>()

function compiledOf(file: string): Compiled {
  const known = compiled.get(file)
  if (known !== undefined) return known
  const document = withNumbersAsLimits(read(file)) as Description
  const settings = {
    strict: false,
    allErrors: true,
    validateSchema: false,
    logger: false,
  } as const
  const ajv = document.openapi.startsWith('3.1') ? new Ajv2020(settings) : new Ajv(settings)
  addFormats.default(ajv)
  ajv.addSchema(document, 'description')
  const made = { document, ajv, validators: new Map() }
  compiled.set(file, made)
  return made
}

/** Holds exchanges against an official OpenAPI description (3.0 or 3.1), and counts them. */
export class OpenApiCheck {
  readonly #document: Description
  readonly #ajv: Ajv
  readonly #validators: Compiled['validators']
  readonly #options: OpenApiCheckOptions
  readonly #problems = new Set<string>()
  requests = 0
  answers = 0

  constructor(file: string, options: OpenApiCheckOptions = {}) {
    const { document, ajv, validators } = compiledOf(file)
    this.#document = document
    this.#ajv = ajv
    this.#validators = validators
    this.#options = options
  }

  /** What did not agree, each once, less the exceptions. */
  get problems(): readonly string[] {
    const known = Object.keys(this.#options.exceptions ?? {})
    return [...this.#problems].filter((one) => !known.some((start) => one.startsWith(start)))
  }

  check(exchange: Exchange, answered: Answered | null): void {
    const what = `${exchange.method} ${exchange.path}`
    const found = this.#find(exchange)
    if (found === null) {
      this.#problems.add(
        `${exchange.method} ${exchange.path.replaceAll(/\d+/g, 'N')} is not described`,
      )
      return
    }
    const { template, operation, pointer } = found
    const name = `${exchange.method} ${template}`
    this.requests += 1
    this.#checkQuery(name, operation, exchange.query)
    this.#checkBody(
      `${name} request`,
      `${pointer}/requestBody`,
      operation.requestBody,
      exchange.body,
    )
    if (answered === null) return
    this.answers += 1
    const responses = operation.responses ?? {}
    const key = [String(answered.status), `${String(answered.status)[0]}XX`, 'default'].find(
      (one) => one in responses,
    )
    if (key === undefined) {
      this.#problems.add(`${name} answer ${answered.status} is not described (${what})`)
      return
    }
    const response = responses[key] as Operation['requestBody']
    this.#checkBody(`${name} answer ${key}`, `${pointer}/responses/${key}`, response, answered.body)
  }

  #find({ method, path }: Exchange) {
    const { prefix = '' } = this.#options
    const plain = path.startsWith(prefix) ? path.slice(prefix.length) : path
    const matching = Object.keys(this.#document.paths)
      .filter((template) => matches(template, plain))
      .toSorted((a, b) => a.split('{').length - b.split('{').length)
    for (const template of matching) {
      const operation = this.#document.paths[template]?.[method.toLowerCase()]
      if (operation === undefined) continue
      const pointer = `#/paths/${escaped(template)}/${method.toLowerCase()}`
      return { template, operation, pointer }
    }
    return null
  }

  #checkQuery(name: string, { parameters = [] }: Operation, query: URLSearchParams): void {
    const declared = parameters
      .map((one) => (one.$ref === undefined ? one : (this.#at(one.$ref) as Parameter)))
      .filter((one) => one.in === 'query')
    for (const key of new Set(query.keys())) {
      if (!declared.some((one) => one.name === key || one.name === `${key}[]`))
        this.#problems.add(`${name} query ${key} is not described`)
    }
    for (const one of declared) {
      if (one.required === true && !query.has(one.name))
        this.#problems.add(`${name} query ${one.name} is missing`)
    }
  }

  #checkBody(
    name: string,
    place: string,
    described: Operation['requestBody'],
    body: unknown,
  ): void {
    const real = described?.$ref ?? place
    const target = described?.$ref === undefined ? described : this.#at(described.$ref)
    const content = (target as { readonly content?: Readonly<Record<string, unknown>> } | undefined)
      ?.content
    const media = Object.keys(content ?? {}).find((one) => one.includes('json'))
    if (media === undefined || body === null || body === undefined) {
      if (media === undefined && body !== null && body !== undefined && body !== '')
        this.#problems.add(`${name} has a body that is not described`)
      else if (media !== undefined && (target as Operation['requestBody'])?.required === true)
        this.#problems.add(`${name} lacks its body`)
      return
    }
    const validate = this.#validator(`${real}/content/${escaped(media)}/schema`)
    if (validate === null || validate(body)) return
    for (const error of validate.errors ?? []) this.#problems.add(`${name}${words(error)}`)
  }

  #validator(pointer: string): ValidateFunction | null {
    const known = this.#validators.get(pointer)
    if (known !== undefined) return known
    const made =
      this.#at(pointer) === undefined ? null : this.#ajv.compile({ $ref: `description${pointer}` })
    this.#validators.set(pointer, made)
    return made
  }

  #at(pointer: string): unknown {
    const steps = pointer.replace(/^#\//, '').split('/')
    return steps.reduce<unknown>((value, step) => {
      const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
      return (value as Readonly<Record<string, unknown>> | undefined)?.[key]
    }, this.#document)
  }
}

/** JSON is YAML too, but a megabyte of it takes YAML a second. */
function read(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.json') ? JSON.parse(text) : parse(text)
}

/** OpenAPI 3.0 says `exclusiveMinimum: true` beside `minimum`; JSON Schema has the number in it. */
function withNumbersAsLimits(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbersAsLimits)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [key, withNumbersAsLimits(one)])
  const copy = Object.fromEntries(entries) as Record<string, unknown>
  for (const limit of ['Minimum', 'Maximum']) {
    const key = `exclusive${limit}`
    if (copy[key] === true) copy[key] = copy[limit.toLowerCase()]
    if (copy[key] === false) delete copy[key]
  }
  return copy
}

function matches(template: string, path: string): boolean {
  const pattern = template
    .split(/\{[^}]+\}/)
    .map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'))
    .join('[^/]+')
  return new RegExp(`^${pattern}/?$`).test(path)
}

/** A key as a step of a JSON pointer in a URI fragment. */
function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function words({ instancePath, message = '', params }: ErrorObject): string {
  const place = instancePath.replaceAll(/\/\d+/g, '/N')
  return `${place} ${message} ${JSON.stringify(params)}`
}
