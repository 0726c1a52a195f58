-- What is asked for, as bits (src/fingerprint/marks.ts names them). The first four are of a trained model
-- (docs/marks.md), the others of parameters. Asking so is common and honest, so a mark never counts alone.
{{asks}}
+ ((c.params['logprobs'] IN ('', 'false', 'null', '0') AND toUInt32OrZero(c.params['top_logprobs']) = 0) ? 0 : 16)
+ (c.params['logit_bias'] IN ('', 'null', '{}') ? 0 : 32)
+ (choices > 1 ? 64 : 0)
+ (toUInt32OrZero(c.params['max_tokens']) = 1 ? 128 : 0)
