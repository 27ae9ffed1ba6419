// Reads the lines of `rolewatch policy eval` and prints what iam-simulate decides for each.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const { runSimulation } = createRequire(process.argv[2] + '/')('@cloud-copilot/iam-simulate')
const words = { Allowed: 'allowed', ImplicitlyDenied: 'implicitly-denied', ExplicitlyDenied: 'explicitly-denied' }
const named = (list, name) => (list || []).map((policy, i) => ({ name: name + i, policy }))
const levels = (list) => (list || []).map((level, i) => ({ orgIdentifier: 'o' + i, policies: named(level, 'p') }))

async function decide(line) {
  const c = JSON.parse(line)
  const result = await runSimulation({
    request: {
      principal: c.principal, action: c.action,
      resource: { resource: c.resource, accountId: c.resourceAccount },
      contextVariables: c.context,
    },
    sessionPolicy: c.sessionPolicies ? c.sessionPolicies[0] : undefined,
    identityPolicies: named(c.identityPolicies, 'id'),
    serviceControlPolicies: levels(c.serviceControlPolicies),
    resourceControlPolicies: levels(c.resourceControlPolicies),
    resourcePolicy: c.resourcePolicy,
    permissionBoundaryPolicies: c.permissionBoundaries ? named(c.permissionBoundaries, 'pb') : undefined,
    vpcEndpointPolicies: c.endpointPolicies ? named(c.endpointPolicies, 'vpce') : undefined,
  }, {})
  if (result.resultType === 'error') return { invalid: JSON.stringify(result.errors) }
  const ignored = result.result?.ignoredContextKeys
  return { decision: words[result.overallResult], ignored: ignored && ignored.length ? ignored : undefined }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try { answer = await decide(line) } catch (e) { answer = { invalid: String(e) } }
  console.log(JSON.stringify(answer))
}
