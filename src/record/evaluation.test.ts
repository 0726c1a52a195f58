import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { sampleEvaluation } from '../../test/support/report/evaluation.ts'

const schema = JSON.parse(
  readFileSync(new URL('evaluation.schema.json', import.meta.url), 'utf8'),
) as object
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  schema,
)

test('the schema accepts an evaluation, with and without an ablation', () => {
  const evaluation = sampleEvaluation(['a', 'b'])
  const worlds = evaluation.worlds.map((world) => ({ ...world, ablation: null }))
  for (const each of [
    evaluation,
    { ...evaluation, worlds, total: { ...evaluation.total, ablation: null } },
  ]) {
    validate(each)
    expect(validate.errors ?? []).toEqual([])
  }
})

test('the schema refuses an unknown field, a missing one, and a share above one', () => {
  const evaluation = sampleEvaluation()
  const { total: _, ...without } = evaluation
  expect(validate({ ...evaluation, extra: 1 })).toBe(false)
  expect(validate(without)).toBe(false)
  expect(validate({ ...evaluation, base_rate: 1.5 })).toBe(false)
})
