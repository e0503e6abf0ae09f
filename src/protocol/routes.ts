// The REST surface as one table. A row drives a method of the client and needs a handler in the local API:
// without one, neither compiles.

import { accountRoutes } from './account-routes.js';
import { agentRoutes } from './agent-routes.js';
import { callRoutes } from './call-routes.js';
import { ChatCompletion, ChatRequest } from './chat.js';
import { phoneRoutes } from './phone-routes.js';
import { type Route, reading, route } from './route.js';

export type { Effect, Route } from './route.js';

export const routes = {
  ...agentRoutes,
  createChatCompletion: route({
    method: 'POST',
    path: '/v1/chat/completions',
    effect: 'write',
    body: ChatRequest,
    read: reading(ChatCompletion),
  }),
  ...accountRoutes,
  ...phoneRoutes,
  ...callRoutes,
};

export type Routes = typeof routes;
export type RouteName = keyof Routes;

export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & PathParams<Rest>
  : unknown;
export type RouteBody<N extends RouteName> = Routes[N] extends Route<string, infer Body> ? Body : never;
export type RouteReply<N extends RouteName> = Exclude<ReturnType<Routes[N]['read']>, undefined>;
