/** An answer that is not 2xx: status, the cloud's own code, and a sentence. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** Sent as `Retry-After`, in whole seconds. */
  readonly retryAfterMs: number | null

  constructor(status: number, code: string, message: string, retryAfterMs: number | null = null) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

export const notFound = (what: string): ApiError =>
  new ApiError(404, 'NOT_FOUND', `The sandbox knows no ${what}.`)
export const invalid = (message: string): ApiError => new ApiError(422, 'INVALID', message)
