// The same role and request by iam-simulate. Prints "decision N ns".
import { createRequire } from 'node:module'
const { runSimulation } = createRequire(process.argv[2] + '/')('@cloud-copilot/iam-simulate')
const identityPolicies = Array.from({ length: 10 }, (_, p) => ({
  name: 'p' + p,
  policy: {
    Version: '2012-10-17',
    Statement: Array.from({ length: 20 }, (_, i) => ({
      Sid: 's' + i, Effect: i % 7 === 3 ? 'Deny' : 'Allow', Action: ['sns:Publish', 'sqs:Send*'],
      Resource: `arn:aws:sns:eu-west-1:111122223333:team-${p}-${i}-*`,
      Condition: { StringEquals: { 'aws:PrincipalTag/team': ['red', 'blue'] }, Bool: { 'aws:SecureTransport': 'true' } },
    })),
  },
}))
const simulation = {
  request: {
    principal: 'arn:aws:sts::111122223333:assumed-role/r/s', action: 'sns:Publish',
    resource: { resource: 'arn:aws:sns:eu-west-1:111122223333:team-9-19-orders', accountId: '111122223333' },
    contextVariables: { 'aws:PrincipalTag/team': 'blue', 'aws:SecureTransport': 'true' },
  },
  identityPolicies, serviceControlPolicies: [], resourceControlPolicies: [],
}
const rounds = Number(process.argv[3] || 200)
let result
for (let i = 0; i < 20; i++) result = await runSimulation(simulation, {})
const start = process.hrtime.bigint()
for (let i = 0; i < rounds; i++) result = await runSimulation(simulation, {})
console.log(`decision ${(process.hrtime.bigint() - start) / BigInt(rounds)} ns, ${result.overallResult}`)
