// A job as it goes on: its events, taken up after the last one seen, and what of it is on paper.
import { api, type Job, type Step } from './api'
import { studio } from './studio.svelte'

const ENDS = ['done', 'failed', 'cancelled']

export class Watch {
  job = $state<Job>()
  steps = $state<Step[]>([])
  what = $state('')
  part = $state('') // of a world
  done = $state(0)
  left = $state<number | null>(null)
  broken = $state(false)
  begun = $state(0)
  #source: EventSource | undefined

  constructor(
    readonly id: string,
    readonly told: { began?: () => void; kept?: (part: string) => void; ended?: (job: Job) => void },
  ) {}

  get over(): boolean {
    return ENDS.includes(this.job?.state ?? '')
  }

  async look(): Promise<Job> {
    const job = (this.job = await api.job(this.id))
    studio.jobs = studio.jobs.map((one) => (one.id === this.id ? job : one))
    return job
  }

  /** Look at the job and, where it hasn't ended, listen until it has. */
  async follow(): Promise<void> {
    const job = await this.look()
    if (ENDS.includes(job.state)) this.#end(job)
    else this.#listen()
  }

  #listen(): void {
    const source = (this.#source = new EventSource(`/api/jobs/${encodeURIComponent(this.id)}/events`))
    const on = <T>(kind: string, then: (said: T) => void): void =>
      source.addEventListener(kind, (event) => then(JSON.parse((event as MessageEvent<string>).data) as T))
    const fresh = (): void => void this.look().then((job) => ENDS.includes(job.state) && this.#end(job)).catch(() => {})
    source.onopen = () => (this.broken = false)
    source.onerror = () => {
      this.broken = true // the browser takes it up again by itself, from the last event that it saw
      fresh()
    }
    on('running', () => {
      this.begun ||= Date.now()
      if (this.job) this.job.state = 'running'
      this.told.began?.()
    })
    on<{ what: string; done: number; left: number | null; part?: string }>('progress', (said) => {
      this.begun ||= Date.now()
      if (said.part) this.#at(said.part)
      this.what = said.what
      this.done = said.done
      this.left = said.left
    })
    on<Step>('step', (step) => {
      if (step.part) this.#at(step.part)
      if (step.texts.length || step.choices.length) this.steps = [...this.steps, step] // some have nothing to read
    })
    on<{ part: string }>('part', (said) => this.told.kept?.(said.part))
    for (const kind of ['paused', 'queued', ...ENDS]) on(kind, fresh)
  }

  /** Begin a clean page where another part of a world is begun. */
  #at(part: string): void {
    if (part === this.part) return
    this.steps = []
    this.what = ''
    this.part = part
  }

  #end(job: Job): void {
    this.stop()
    this.told.ended?.(job)
  }

  async again(): Promise<void> {
    this.job = await api.retry(this.id)
    this.steps = []
    this.done = this.begun = 0
    this.what = ''
    this.#listen()
  }

  stop(): void {
    this.#source?.close()
    this.broken = false
  }
}
