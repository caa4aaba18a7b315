import { type Content, html } from '../../platform/html.ts'
import type { Words } from '../words/en.ts'

/** What is wrong, by the name of the field; '' is what belongs to none. */
export type Problems = Record<string, string>

/** A list of what is wrong above the form, each leading to its field, by its label. Nothing where all is well. */
export function problemSummary(problems: Problems, words: Words, labels: Record<string, string> = {}): Content {
  const entries = Object.entries(problems)
  if (entries.length === 0) return null
  return html`<div class="problems" role="alert" tabindex="-1" data-focus aria-labelledby="problems-title">
<h2 id="problems-title">${words.problems}</h2>
<ul>${entries.map(([field, text]) => html`<li>${field === '' ? text : html`<a href="#field-${field}">${labels[field] && `${labels[field]}: `}${text}</a>`}</li>`)}</ul>
</div>`
}

/** The message that stands beside a field, and the attributes that tie the field to it. */
export function problemBeside(field: string, problems: Problems): Content {
  const text = problems[field]
  return text !== undefined && html`<p class="problem" id="problem-${field}">${text}</p>`
}

export function describedBy(field: string, problems: Problems, hintId?: string): Content {
  const ids = [hintId, problems[field] === undefined ? undefined : `problem-${field}`].filter((id) => id !== undefined)
  const described = ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`
  return html`${described}${problems[field] !== undefined && html` aria-invalid="true"`}`
}

export interface TextField {
  name: string
  label: string
  value: string
  type?: 'text' | 'email'
  autocomplete: string
  maxLength: number
  hint?: string
  /** Stands behind the label where the field may stay empty. */
  optional?: string
}

/** A labelled text field with its hint and what is wrong with it. */
export function textField(field: TextField, problems: Problems): Content {
  const { name, label, value, type = 'text', autocomplete, maxLength, hint, optional } = field
  const hintId = hint === undefined ? undefined : `hint-${name}`
  return html`<div class="field">
<label for="field-${name}">${label}${optional !== undefined && html` <span class="optional">(${optional})</span>`}</label>
${hint !== undefined && html`<p class="hint" id="hint-${name}">${hint}</p>`}
${problemBeside(name, problems)}
<input id="field-${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" maxlength="${maxLength}"
${optional === undefined && html` required`}${describedBy(name, problems, hintId)}>
</div>`
}

/** Where the buyer is: tickets, details, pay, done. */
export function steps(words: Words, current: 1 | 2 | 3 | 4): Content {
  const names = [words.stepTickets, words.stepDetails, words.stepPay, words.stepDone]
  return html`<nav class="steps" aria-label="${words.steps}"><ol>${names.map(
    (name, index) =>
      html`<li${index + 1 === current && html` aria-current="step"`}${index + 1 < current && html` class="past"`}>${name}</li>`,
  )}</ol></nav>`
}
