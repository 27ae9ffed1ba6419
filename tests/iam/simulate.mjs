// Reads the lines of `rolewatch policy eval` and prints what iam-simulate decides for each.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const { runSimulation } = createRequire(process.argv[2] + '/')('@cloud-copilot/iam-simulate')
const words = { Allowed: 'allowed', ImplicitlyDenied: 'implicitly-denied', ExplicitlyDenied: 'explicitly-denied' }
const named = (list, name) => (list || []).map((policy, i) => ({ name: name + i, policy }))
const levels = (list) => (list || []).map((level, i) => ({ orgIdentifier: 'o' + i, policies: named(level, 'p') }))

// What every request has by AWS's documentation, where the request itself says it.
function present(c) {
  const who = c.principal.split(':'), on = c.resource.split(':')
  const kind = (who[5] || '').split('/')[0]
  const types = { 'assumed-role': 'AssumedRole', role: 'AssumedRole', user: 'User', root: 'Account' }
  const own = {
    'aws:PrincipalAccount': types[kind] && who[4], 'aws:PrincipalType': types[kind],
    'aws:PrincipalArn': kind === 'assumed-role' ? c.roleArn || `arn:${who[1]}:iam::${who[4]}:role/${who[5].split('/')[1]}` : types[kind] && c.principal,
    'aws:username': kind === 'user' && who[5].split('/').pop(),
    'aws:RequestedRegion': on[3], 'aws:ResourceAccount': c.resourceAccount || (/^\d{12}$/.test(on[4]) && on[4]),
  }
  const listed = new Set(Object.keys(c.context).map((k) => k.toLowerCase()))
  const missing = Object.entries(own).filter(([k, v]) => v && !listed.has(k.toLowerCase()))
  return { ...c.context, ...Object.fromEntries(missing) }
}

async function decide(line) {
  const c = JSON.parse(line)
  const result = await runSimulation({
    request: {
      principal: c.principal, action: c.action,
      resource: { resource: c.resource, accountId: c.resourceAccount },
      contextVariables: present(c),
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
