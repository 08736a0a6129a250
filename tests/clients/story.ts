// tests/clients/story.ts — two colleagues of a company write to each other: a client of openapi-fetch, with
// types that openapi-typescript makes of the API's description.
//
//   node story.js https://partywall.example NAME    NAME begins the usernames
import createClient from 'openapi-fetch';
import type {components, paths} from './partywall.js';

declare const process: {argv: string[]};
type Problem = components['schemas']['Problem'];

const [url, name] = process.argv.slice(2);
const password = 'Mild-7731-Kite!';
const baseUrl = `${url}/api/v2`;

// What was answered; an exception that says why where it was refused.
function told<T>(answer: {data?: T; error?: unknown}): T {
  const problem = answer.error as Problem | undefined;
  if (problem) throw new Error(`${problem.code}: ${problem.detail} ${JSON.stringify(problem.errors ?? '')}`);
  return answer.data as T;
}

function check(truth: boolean, what: string) {
  if (!truth) throw new Error(`not so: ${what}`);
}

async function logIn(username: string) {
  const anybody = createClient<paths>({baseUrl});
  const {access} = told(await anybody.POST('/auth/token/', {body: {username, password}}));
  return createClient<paths>({baseUrl, headers: {Authorization: `Bearer ${access}`}});
}

const anybody = createClient<paths>({baseUrl});
told(
  await anybody.POST('/accounts/', {
    body: {company: {name: 'Acme', address: '1 Main St'}, user: {username: `${name}.ann`, password}},
  }),
);
const ann = await logIn(`${name}.ann`);
const hired = told(
  await ann.POST('/accounts/users/', {
    params: {header: {'Idempotency-Key': crypto.randomUUID()}},
    body: {username: `${name}.bob`, password},
  }),
);
const bob = await logIn(`${name}.bob`);
for (const text of ['Hello, Bob', 'Are you there?'])
  told(await ann.POST('/user-messages/', {body: {to_user: hired.id, text}}));

const page = told(await bob.GET('/user-messages/', {params: {query: {limit: 1}}}));
const [first] = page.items;
check(first.text === 'Hello, Bob' && first.from_user.username === `${name}.ann`, 'the first message is from ann');
check(page.next !== null, 'there is another page');
const before = told(await bob.GET('/auth/me'));
told(await bob.PUT('/user-messages/{message_id}/read', {params: {path: {message_id: first.id}}}));
const after = told(await bob.GET('/auth/me'));
check(before.unread_messages - after.unread_messages === 1, 'one message less is unread');
const {error} = await bob.POST('/user-messages/', {body: {to_user: hired.id, text: 'x'}});
check((error as Problem | undefined)?.code === 'invalid', 'nobody writes to themselves');
console.log('The story ends well.');
