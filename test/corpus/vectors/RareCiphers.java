import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.spec.*;
import java.util.*;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.pkcs.*;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.*;

/**
 * Files whose ciphers no program of Debian writes into keys any more, put together by the RFCs over Bouncy Castle's
 * ciphers and derivations. Prints one JSON line per file. Argument: key (PKCS#8 DER).
 */
public class RareCiphers {
  static final String PASSWORD = "gr\u00fcn7 !#?";
  static final SecureRandom random = new SecureRandom();
  static byte[] key;

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    key = Files.readAllBytes(Path.of(args[0]));
    pbes1("1.2.840.113549.1.5.1", "pbkdf1-md2", "des-cbc", "PBEWITHMD2ANDDES");
    entrust();
    for (String mode : new String[] {"CBC", "CFB", "OFB", "ECB"}) {
      dekInfo("IDEA", mode);
      dekInfo("CAST5", mode);
      dekInfo("RC5", mode);
    }
    iv("cast5-cbc", "1.2.840.113533.7.66.10", "CAST5/CBC/PKCS5Padding", 16, 8);
    parameters("cast5-cbc", "1.2.840.113533.7.66.10", "CAST5/CBC/PKCS5Padding", 5, 8, iv -> new DERSequence(new ASN1Encodable[] {new DEROctetString(iv), new ASN1Integer(40)}));
    iv("idea-cbc", "1.3.6.1.4.1.188.7.1.1.2", "IDEA/CBC/PKCS5Padding", 16, 8);
    parameters("rc5-cbc", "1.2.840.113549.3.9", "RC5/CBC/PKCS5Padding", 16, 8, iv -> new DERSequence(new ASN1Encodable[] {new ASN1Integer(16), new ASN1Integer(12), new ASN1Integer(64), new DEROctetString(iv)}));
    for (int bytes : new int[] {16, 24, 32})
      iv("serpent-" + 8 * bytes + "-cbc", "1.3.6.1.4.1.11591.13." + (bytes == 16 ? 2 : bytes == 24 ? 22 : 42), "Serpent/CBC/PKCS5Padding", bytes, 16);
    for (int bytes : new int[] {16, 24, 32})
      iv("twofish-cbc", "1.3.6.1.4.1.25258.3.3", "Twofish/CBC/PKCS5Padding", bytes, 16);
    for (int bytes : new int[] {16, 24, 32})
      gcm("camellia-" + 8 * bytes + "-gcm", "0.3.4401.5.3.1.9." + (bytes == 16 ? 6 : bytes == 24 ? 26 : 46), "Camellia/GCM/NoPadding", bytes, 12);
    gcm("sm4-gcm", "1.2.156.10197.1.104.8", "SM4/GCM/NoPadding", 16, 12);
    gcm("twofish-gcm", "1.3.6.1.4.1.25258.3.102", "Twofish/GCM/NoPadding", 32, 16);
    iv("chacha20-poly1305", "1.2.840.113549.1.9.16.3.18", "ChaCha20-Poly1305", 32, 12);
    lowBytes();
  }

  /** A passphrase beyond Latin-1: Bouncy Castle drops the high byte of each character. */
  static void lowBytes() throws Exception {
    PrivateKey privateKey = KeyFactory.getInstance("EC", "BC").generatePrivate(new PKCS8EncodedKeySpec(key));
    java.io.StringWriter text = new java.io.StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(privateKey, new JcePEMEncryptorBuilder("AES-128-CBC").setProvider("BC").build("\u5bc6\u7801".toCharArray()));
    }
    line("passphrase beyond Latin-1", "DEK-Info", "md5", "aes-128-cbc", "\u5bc6\u7801", "pem", text.toString().replace("\r", "").replace("\n", "\\n"));
  }

  interface Parameters { ASN1Encodable of(byte[] iv); }

  static void iv(String cipher, String oid, String name, int keyBytes, int ivBytes) throws Exception {
    parameters(cipher, oid, name, keyBytes, ivBytes, iv -> new DEROctetString(iv));
  }

  static void gcm(String cipher, String oid, String name, int keyBytes, int ivBytes) throws Exception {
    byte[] iv = bytes(ivBytes);
    pbes2(cipher, oid, name, keyBytes, new GCMParameterSpec(128, iv), new DERSequence(new ASN1Encodable[] {new DEROctetString(iv), new ASN1Integer(16)}));
  }

  static void parameters(String cipher, String oid, String name, int keyBytes, int ivBytes, Parameters parameters) throws Exception {
    byte[] iv = bytes(ivBytes);
    pbes2(cipher, oid, name, keyBytes, new IvParameterSpec(iv), parameters.of(iv));
  }

  /** RFC 8018 section 6.2, with the length of the key written out. */
  static void pbes2(String cipher, String oid, String name, int keyBytes, AlgorithmParameterSpec spec, ASN1Encodable parameters) throws Exception {
    byte[] salt = bytes(16);
    byte[] derived = SecretKeyFactory.getInstance("PBKDF2WITHHMACSHA256", "BC").generateSecret(new PBEKeySpec(PASSWORD.toCharArray(), salt, 1000, 8 * keyBytes)).getEncoded();
    Cipher engine = Cipher.getInstance(name, "BC");
    engine.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, name.split("/")[0]), spec);
    PBKDF2Params kdf = new PBKDF2Params(salt, 1000, keyBytes, new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
    PBES2Parameters pbes2 = new PBES2Parameters(new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, kdf), new EncryptionScheme(new ASN1ObjectIdentifier(oid), parameters));
    print(cipher + " " + keyBytes, "PKCS#8 PBES2", "pbkdf2-sha256", cipher, pkcs8(PKCSObjectIdentifiers.id_PBES2, pbes2, engine.doFinal(key)));
  }

  static void pbes1(String oid, String kdf, String cipher, String name) throws Exception {
    byte[] salt = bytes(8);
    javax.crypto.SecretKey secret = SecretKeyFactory.getInstance(name, "BC").generateSecret(new PBEKeySpec(latin1().toCharArray()));
    Cipher engine = Cipher.getInstance(name, "BC");
    engine.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(salt, 1000));
    print(name, "PKCS#8 PBES1", kdf, cipher, pkcs8(new ASN1ObjectIdentifier(oid), new PBEParameter(salt, 1000), engine.doFinal(key)));
  }

  /** Bouncy Castle takes the low byte of each character. */
  static String latin1() {
    return new String(PASSWORD.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** pbeWithMD5AndCAST5-CBC: PBKDF1 as in PBES1 (RFC 8018 section 6.1), the vector being the last eight bytes. */
  static void entrust() throws Exception {
    byte[] salt = bytes(8);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(PASSWORD.getBytes(StandardCharsets.UTF_8));
    byte[] block = md5.digest(salt);
    for (int round = 1; round < 1000; round++) block = md5.digest(block);
    Cipher engine = Cipher.getInstance("CAST5/CBC/PKCS5Padding", "BC");
    engine.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(block, "CAST5"), new IvParameterSpec(block, 8, 8));
    ASN1Encodable parameters = new DERSequence(new ASN1Encodable[] {new DEROctetString(salt), new ASN1Integer(1000), new ASN1Integer(128)});
    print("pbeWithMD5AndCAST5-CBC", "PKCS#8 PBES1", "pbkdf1-md5", "cast5-cbc", pkcs8(new ASN1ObjectIdentifier("1.2.840.113533.7.66.12"), parameters, engine.doFinal(key)));
  }

  /** What OpenSSL derives: MD5 of passphrase and salt, once. */
  static void dekInfo(String cipher, String mode) throws Exception {
    byte[] iv = bytes(8);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(PASSWORD.getBytes(StandardCharsets.UTF_8));
    byte[] derived = md5.digest(iv);
    boolean padded = mode.equals("CBC") || mode.equals("ECB");
    String name = mode.equals("CFB") || mode.equals("OFB") ? mode + "64" : mode;
    Cipher engine = Cipher.getInstance(cipher + "/" + name + (padded ? "/PKCS5Padding" : "/NoPadding"), "BC");
    SecretKeySpec secret = new SecretKeySpec(derived, cipher);
    if (mode.equals("ECB")) engine.init(Cipher.ENCRYPT_MODE, secret);
    else engine.init(Cipher.ENCRYPT_MODE, secret, new IvParameterSpec(iv));
    String body = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(engine.doFinal(key));
    String label = cipher + "-" + mode;
    String hex = String.format("%016X", new BigInteger(1, iv));
    String pem = "-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: " + label + "," + hex + "\n\n" + body + "\n-----END PRIVATE KEY-----\n";
    line(label, "DEK-Info", "md5", label.toLowerCase(), "gr\\u00fcn7 !#?", "pem", pem.replace("\n", "\\n"));
  }

  static byte[] pkcs8(ASN1ObjectIdentifier oid, ASN1Encodable parameters, byte[] sealed) throws Exception {
    return new org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo(new AlgorithmIdentifier(oid, parameters), sealed).getEncoded();
  }

  static void print(String name, String container, String kdf, String cipher, byte[] der) {
    line(name, container, kdf, cipher, "gr\\u00fcn7 !#?", "der", Base64.getEncoder().encodeToString(der));
  }

  static void line(String name, String container, String kdf, String cipher, String passphrase, String form, String value) {
    System.out.printf("{\"name\":\"%s\",\"container\":\"%s\",\"kdf\":\"%s\",\"cipher\":\"%s\",\"key\":\"EC P-256\",\"passphrase\":\"%s\",\"%s\":\"%s\"}%n", name, container, kdf, cipher, passphrase, form, value);
  }

  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
