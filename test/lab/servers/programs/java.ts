/** JSSE: requires a client certificate, answers PINGREQ, and whatever else comes with CONNACK 0. */
export const javaProgram = String.raw`
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.security.spec.*;
import java.util.*;
import javax.net.ssl.*;

public class Server {
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    char[] none = new char[0];
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Certificate[] chain = read(factory, args[2]).toArray(new Certificate[0]);
    String pem = Files.readString(Path.of(args[3])).replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry("server", key, none, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(own, none);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (Certificate root : read(factory, args[4])) trusted.setCertificateEntry("root", root);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
      .createServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    server.setEnabledProtocols(new String[] { "TLSv" + args[1] });
    server.setNeedClientAuth(true);
    while (true) {
      Socket socket = server.accept();
      Thread thread = new Thread(() -> serve(socket));
      thread.setDaemon(true);
      thread.start();
    }
  }

  static Collection<? extends Certificate> read(CertificateFactory factory, String path) throws Exception {
    try (InputStream in = new FileInputStream(path)) {
      return factory.generateCertificates(in);
    }
  }

  static void serve(Socket socket) {
    try (socket) {
      byte[] buffer = new byte[4096];
      while (socket.getInputStream().read(buffer) > 0) {
        byte[] answer = buffer[0] == (byte) 0xc0 ? new byte[] { (byte) 0xd0, 0 } : new byte[] { 0x20, 2, 0, 0 };
        socket.getOutputStream().write(answer);
        socket.getOutputStream().flush();
      }
    } catch (IOException refused) {
      // the alert has been sent
    }
  }
}
`;
