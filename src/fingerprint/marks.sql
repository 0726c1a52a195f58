-- What is asked for, as bits (src/fingerprint/marks.ts names them). The patterns are the plain ways of
-- asking in the ten languages with most API traffic; asking so is common and honest, so a mark never
-- counts alone. `marked_text` is lower-case, digits are 0.
(multiMatchAny(marked_text, [
    'step[ -]by[ -]step', 'chain[ -]of[ -]thought', '(full|complete|entire|detailed|internal|whole) (reasoning|thought|thinking|analysis|derivation)',
    'reasoning (process|trace|steps|before|first)', '(show|explain|write out|write down|describe|lay out|spell out|walk (me )?through) (all |every |each |all of |the )?(of )?(your |the )?(work|working|steps?|reasoning|thinking|thought)',
    '(think|reason) (out loud|aloud|carefully before|step)', '<(think|thinking|reasoning|scratchpad|analysis)>', 'inner monologue', 'before (you )?(giving|stating|the final|answering|the answer)',
    'how you (would )?(arrive|arrived|got|reach|reached)', 'intermediate (steps?|results?)',
    '(train|stream|line|chain) of (thought|thoughts|reasoning|consciousness)', 'thought process', 'think(ing)? (on paper|out loud|aloud)',
    '(every|each|all|any) (the )?(single |intermediate |logical |small )*(steps?|inferences?|deductions?|hypothes[ei]s|assumptions?) ', '(your|the) (own |private |hidden |internal |full |complete |whole )*(reasoning|thinking|thoughts|deliberations?|derivation|working)\\b',
    'false starts', 'dead ends', '(ideas|paths|approaches|options) (that )?you (reject|rejected|discard|discarded|dropped|considered)', 'self-?checks?',
    '逐步', '一步一步', '一步步', '推理过程', '思考过程', '解题过程', '详细(的)?(推导|推理|思路|过程|步骤)', '完整(的)?(推理|思考|推导|过程)',
    'ステップ', '段階的', '思考(の)?過程', '推論(の)?過程', '途中(の)?(式|過程)', '順を追って',
    '단계별', '추론 과정', '사고 과정', '풀이 과정', 'paso a paso', 'razonamiento', 'étape par étape', 'raisonnement', 'schritt für schritt', 'gedankengang', 'lösungsweg', 'begründe ausführlich',
    'passo a passo', 'raciocínio', 'шаг за шагом', 'по шагам', 'ход (рассуждений|мыслей|решения)', 'пошагов', 'рассуждени',
    'خطوة بخطوة', 'طريقة التفكير', 'चरण दर चरण', 'तर्क', 'từng bước', 'adım adım', 'langkah demi langkah'
]) ? 1 : 0)
+ (multiMatchAny(marked_text, [
    'rubric', '(rate|score|grade|judge|evaluate|compare) (the |this |these |both |each |two |following )*(answer|response|solution|output|candidate|completion)',
    '(answer|response|solution|candidate|assistant) (a|0|one)\\b.*(answer|response|solution|candidate|assistant) (b|0|two)\\b', 'which (answer|response|solution|one) is (better|best)', 'scale (of|from) 0',
    '评分标准', '打分', '哪个(回答|答案)更好', '評価基準', '採点', '평가 기준', 'puntúa', 'rúbrica', 'grille d''évaluation', 'bewerte die antwort', 'оцени(те)? (ответ|решени)'
]) ? 2 : 0)
+ (multiMatchAny(marked_text, [
    'jsonl', '(instruction|prompt|question|input)"? ?(and|,|/|:).*"?(response|output|answer|completion)"?.*(json|format|pairs?|fields?)', '(training|fine-?tuning|sft|synthetic|instruction) (data|example|sample|dataset|set|pairs?)',
    '(generate|create|write|produce|come up with) (0|a set of|a list of|several|many|diverse|different|new)[^.]*(questions?|prompts?|instructions?|problems?|tasks?|examples?)', 'rewrite (the|this) (prompt|instruction|question) .*(harder|complex|difficult)', 'preference pairs?',
    '训练数据', '指令(和|与|及)(回答|响应|输出)', '生成.*(问题|指令|样本|数据)', '学習データ', '학습 데이터', 'datos de entrenamiento', 'données d''entraînement', 'trainingsdaten', 'обучающ(ие|их) (данн|пример)'
]) ? 4 : 0)
+ (multiMatchAny(concat(marked_text, ' '), [
    '(your|the) (system|initial|hidden|developer) (prompt|instructions?|message)', '(repeat|print|reveal|output|recite) (everything|all|the text|the words|your instructions)', '(which|what) (principle|guideline|rule|policy|instruction)s?[^.]*(yours|you|apply|applies|follow)', 'your (guidelines|principles|rules|policies|instructions|constitution)',
    'how (do )?you weigh', 'ignore (all |any )?(previous|prior|above) instructions', '系统提示', '你的(规则|准则|指令|原则)', 'システムプロンプト', '시스템 프롬프트', 'instrucciones del sistema', 'invite système', 'systemprompt', 'системн(ый|ого) промпт'
]) ? 8 : 0)
+ ((c.params['logprobs'] IN ('', 'false', 'null', '0') AND toUInt32OrZero(c.params['top_logprobs']) = 0) ? 0 : 16)
+ (c.params['logit_bias'] IN ('', 'null', '{}') ? 0 : 32)
+ (choices > 1 ? 64 : 0)
+ (toUInt32OrZero(c.params['max_tokens']) = 1 ? 128 : 0)
