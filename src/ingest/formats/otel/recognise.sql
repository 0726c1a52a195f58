-- OTLP JSON; whether a line speaks of a model at all is seen when it is read.
JSONType(line, 'resourceSpans') = 'Array' OR JSONType(line, 'resourceLogs') = 'Array'
