/** crypto/tls: requires a client certificate, answers PINGREQ, and whatever else comes with CONNACK 0. */
export const goProgram = String.raw`
package main

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
)

func main() {
	port, version, cert, key, ca := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		panic(err)
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	only := uint16(tls.VersionTLS12)
	if version == "1.3" {
		only = tls.VersionTLS13
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:"+port, &tls.Config{
		Certificates: []tls.Certificate{pair},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    roots,
		MinVersion:   only,
		MaxVersion:   only,
	})
	if err != nil {
		panic(err)
	}
	for {
		connection, err := listener.Accept()
		if err == nil {
			go serve(connection)
		}
	}
}

func serve(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 4096)
	for {
		if _, err := connection.Read(buffer); err != nil {
			return
		}
		if buffer[0] == 0xc0 {
			connection.Write([]byte{0xd0, 0})
		} else {
			connection.Write([]byte{0x20, 2, 0, 0})
		}
	}
}
`;
