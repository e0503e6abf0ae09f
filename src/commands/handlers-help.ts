// `agents help handlers`: what the file of --tools may hold.

export const handlersHelp = `Handlers: what runs an agent's tools here

agents voice, listen and run can run an agent's function tools on this machine: --tools <file> says what runs each; so
do the scenarios of agents test (tools: <file>).
agents tools scaffold <agent> writes such a file to fill in; --tools template:<name> takes that of a template.
The file is YAML or JSON, and any kind of handler may stand in it:

  tools:
    lookup_order: { module: ./orders.mjs, export: lookup }       a function of a module (export: the tool's name)
    track_parcel: { command: [python3, track.py], safe: true }   arguments on stdin as JSON, result from stdout;
                                                                 another code than 0 fails, stderr is the reason
    open_ticket:  { url: https://desk.example/tickets,           arguments posted as JSON; headers and url may
                    headers: { authorization: Bearer \${DESK} } } name variables of the environment
    find_product: { mcp: { command: [npx, catalogue-mcp] } }     a tool of an MCP server: command or url; tool:
                                                                 its name there; one connection for all alike
    store_hours:  { return: { open: 9 to 5 } }                   a canned answer; or error: <reason>
    book_table:                                                  several: the first that fits answers
      - { when: { guests: 20 }, error: no such table }
      - { needs: { table: free }, sets: { table: taken }, return: 'booked for {{time}}' }
  state: { table: free }
  mcp: { crm: { url: https://crm.example/mcp } }                 tools without a handler are looked for there

A canned answer may have: when (arguments), needs and sets (the state all canned tools share; null is what is not
there, and takes away), return or error, delay_ms (alone it is a pause), times. {{name}} is an argument,
{{state.a[name].b}} a value of the state, {{today+1}} a date.

The file may also be an ES module (.mjs, .js; .ts from Node 22.18 on): functions it exports run the tools of their
names, as fn(arguments, { call_id, name, signal, log }); objects it exports are handlers of the other kinds. Each module
runs in a thread, keeps its state between calls, and what it prints is shown on stderr. One that exits, fails outside
of a call, or does not return control is ended; the next call loads it again. In agents listen a function
may hand the caller over or hang up: { phone: { call_id, from, to, transfer(target), hangUp() } } is in its context,
and works as long as the phone call lasts, after the function has returned too.

Every handler may have timeout_ms, and safe: true, which lets a call be made once more when it failed without an
answer (time out, crash, 5xx, network). Nothing else is ever repeated. Paths are relative to the file. Arguments are
checked against the tool's parameters first; whatever fails, the model is told {"error": …} and the session goes on.
Results may hold 256 kB. Programs and modules are not given the API key.
`;
