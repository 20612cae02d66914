/** The ssl application: requires a client certificate, answers PINGREQ, and whatever else comes with CONNACK 0. */
export const erlangProgram = String.raw`#!/usr/bin/env escript
main([Port, Version, Cert, Key, Ca]) ->
  logger:set_primary_config(level, none),
  {ok, _} = application:ensure_all_started(ssl),
  {ok, Listener} = ssl:listen(list_to_integer(Port), [
    binary, {ip, {127, 0, 0, 1}}, {reuseaddr, true}, {active, false}, {backlog, 50},
    {certfile, Cert}, {keyfile, Key}, {cacertfile, Ca},
    {verify, verify_peer}, {fail_if_no_peer_cert, true},
    {versions, [version(Version)]}]),
  accept(Listener).

version("1.2") -> 'tlsv1.2';
version("1.3") -> 'tlsv1.3'.

accept(Listener) ->
  case ssl:transport_accept(Listener) of
    {ok, Socket} ->
      Pid = spawn(fun() -> receive go -> serve(Socket) end end),
      ssl:controlling_process(Socket, Pid),
      Pid ! go;
    _ -> ok
  end,
  accept(Listener).

serve(Socket) ->
  case ssl:handshake(Socket, 10000) of
    {ok, Connection} -> answer(Connection);
    _ -> ok
  end.

answer(Connection) ->
  case ssl:recv(Connection, 0) of
    {ok, <<16#c0, _/binary>>} ->
      ssl:send(Connection, <<16#d0, 0>>),
      answer(Connection);
    {ok, _} ->
      ssl:send(Connection, <<16#20, 2, 0, 0>>),
      answer(Connection);
    _ -> ok
  end.
`;
