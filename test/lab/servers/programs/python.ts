/** Python's ssl (OpenSSL, as Debian builds it): requires a client certificate, answers PINGREQ, and whatever else comes with CONNACK 0. */
export const pythonProgram = String.raw`
import socket, ssl, sys, threading

port, version, cert, key, ca = int(sys.argv[1]), sys.argv[2], *sys.argv[3:6]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = context.maximum_version = (
    ssl.TLSVersion.TLSv1_2 if version == "1.2" else ssl.TLSVersion.TLSv1_3
)
context.load_cert_chain(cert, key)
context.load_verify_locations(ca)
context.verify_mode = ssl.CERT_REQUIRED

def serve(connection):
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            while heard := tls.recv(4096):
                tls.sendall(b"\xd0\x00" if heard[0] == 0xC0 else b"\x20\x02\x00\x00")
    except OSError:
        pass

listener = socket.create_server(("127.0.0.1", port), backlog=50)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
`;
