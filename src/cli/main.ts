#!/usr/bin/env node
process.stdout.write('stillwatch\n')
