import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.*;
import java.util.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ntt.NTTObjectIdentifiers;
import org.bouncycastle.asn1.bc.BCObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.util.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.*;
import org.bouncycastle.openssl.jcajce.*;
import org.bouncycastle.pkcs.*;
import org.bouncycastle.pkcs.jcajce.*;

/** Prints one JSON line per file. Arguments: key (PKCS#8 DER), certificate (DER). */
public class BouncyCastle {
  static final char[] PASSWORD = "gr\u00fcn7 !#?".toCharArray();
  static PrivateKey key;

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    key = KeyFactory.getInstance("EC", "BC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(args[0]))));
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(Files.readAllBytes(Path.of(args[0])));
    for (String family : new String[] {"AES-128", "AES-192", "AES-256", "DES", "DES-EDE", "DES-EDE3", "BF", "RC2", "RC2-40", "RC2-64"})
      for (String mode : new String[] {"CBC", "CFB", "OFB", "ECB"}) dekInfo(info, family + "-" + mode);
    Map<String, ASN1ObjectIdentifier> ciphers = new LinkedHashMap<>();
    ciphers.put("aes-128-cbc", NISTObjectIdentifiers.id_aes128_CBC);
    ciphers.put("aes-128-gcm", NISTObjectIdentifiers.id_aes128_GCM);
    ciphers.put("aes-192-gcm", NISTObjectIdentifiers.id_aes192_GCM);
    ciphers.put("aes-256-gcm", NISTObjectIdentifiers.id_aes256_GCM);
    ciphers.put("aes-256-ccm", NISTObjectIdentifiers.id_aes256_CCM);
    ciphers.put("camellia-256-cbc", NTTObjectIdentifiers.id_camellia256_cbc);
    ciphers.put("des-ede3-cbc", PKCSObjectIdentifiers.des_EDE3_CBC);
    ciphers.put("rc2-cbc", PKCSObjectIdentifiers.RC2_CBC);
    for (var cipher : ciphers.entrySet()) pkcs8(info, "pbkdf2-sha1", cipher.getKey(), new JcePKCSPBEOutputEncryptorBuilder(cipher.getValue()));
    Map<String, AlgorithmIdentifier> prfs = new LinkedHashMap<>();
    prfs.put("sha224", new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA224, DERNull.INSTANCE));
    prfs.put("sha512", new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA512, DERNull.INSTANCE));
    prfs.put("sha3-256", new AlgorithmIdentifier(NISTObjectIdentifiers.id_hmacWithSHA3_256, DERNull.INSTANCE));
    prfs.put("sha3-512", new AlgorithmIdentifier(NISTObjectIdentifiers.id_hmacWithSHA3_512, DERNull.INSTANCE));
    for (var prf : prfs.entrySet())
      try {
      pkcs8(info, "pbkdf2-" + prf.getKey(), "aes-256-cbc", new JcePKCSPBEOutputEncryptorBuilder(
          new PBKDF2Config.Builder().withPRF(prf.getValue()).withIterationCount(2000).withSaltLength(20).build(),
          NISTObjectIdentifiers.id_aes256_CBC));
      } catch (Exception e) { System.err.println(prf.getKey() + " " + e); }
    pkcs8(info, "scrypt", "aes-256-gcm", new JcePKCSPBEOutputEncryptorBuilder(
        new ScryptConfig.Builder(65536, 8, 1).withSaltLength(20).build(), NISTObjectIdentifiers.id_aes256_GCM));
    Map<String, ASN1ObjectIdentifier> pbes1 = new LinkedHashMap<>();
    pbes1.put("pkcs12-sha1 rc4-128", PKCSObjectIdentifiers.pbeWithSHAAnd128BitRC4);
    pbes1.put("pkcs12-sha1 rc2-cbc", PKCSObjectIdentifiers.pbeWithSHAAnd128BitRC2_CBC);
    pbes1.put("pkcs12-sha1 des-ede-cbc", PKCSObjectIdentifiers.pbeWithSHAAnd2_KeyTripleDES_CBC);
    pbes1.put("pkcs12-sha1 aes-128-cbc", BCObjectIdentifiers.bc_pbe_sha1_pkcs12_aes128_cbc);
    pbes1.put("pkcs12-sha1 aes-256-cbc", BCObjectIdentifiers.bc_pbe_sha1_pkcs12_aes256_cbc);
    pbes1.put("pkcs12-sha256 aes-192-cbc", BCObjectIdentifiers.bc_pbe_sha256_pkcs12_aes192_cbc);
    pbes1.put("pkcs12-sha256 aes-256-cbc", BCObjectIdentifiers.bc_pbe_sha256_pkcs12_aes256_cbc);
    for (var scheme : pbes1.entrySet())
      try {
      pkcs8(info, scheme.getKey().split(" ")[0], scheme.getKey().split(" ")[1], new JcePKCSPBEOutputEncryptorBuilder(scheme.getValue()).setIterationCount(2000));
      } catch (Exception e) { System.err.println(scheme.getKey() + " " + e); }
    var certificate = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(args[1]))));
    for (String type : new String[] {"PKCS12", "PKCS12-3DES-3DES", "PKCS12-AES256-AES128", "PKCS12-AES256-AES128-GCM", "PKCS12-DEF"})
      try {
      KeyStore store = KeyStore.getInstance(type, "BC");
      store.load(null, null);
      store.setKeyEntry("first device", key, null, new java.security.cert.Certificate[] {certificate});
      store.setKeyEntry("second device", key, null, new java.security.cert.Certificate[] {certificate});
      var out = new ByteArrayOutputStream();
      store.store(out, PASSWORD);
      print("PKCS#12 (BER, two keys)", type, "", out.toByteArray());
      } catch (Exception e) { System.err.println(type + " " + e); }
  }

  static void dekInfo(PrivateKeyInfo info, String name) throws Exception {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(key, new JcePEMEncryptorBuilder(name).setProvider("BC").build(PASSWORD));
    } catch (Exception e) { System.err.println(name + " " + e); return; }
    json("DEK-Info", "md5", name.toLowerCase(), "pem", text.toString());
  }

  static void pkcs8(PrivateKeyInfo info, String kdf, String cipher, JcePKCSPBEOutputEncryptorBuilder builder) throws Exception {
    try {
    byte[] der = new PKCS8EncryptedPrivateKeyInfoBuilder(info).build(builder.setProvider("BC").build(PASSWORD)).getEncoded();
    print("PKCS#8", kdf, cipher, der);
    } catch (Exception e) { System.err.println(kdf + cipher + " " + e); }
  }

  static void print(String container, String kdf, String cipher, byte[] der) {
    json(container, kdf, cipher, "der", Base64.getEncoder().encodeToString(der));
  }

  static void json(String container, String kdf, String cipher, String field, String value) {
    System.out.printf("{\"container\": \"%s\", \"kdf\": \"%s\", \"cipher\": \"%s\", \"%s\": \"%s\"}%n",
        container, kdf, cipher, field, value.replace("\r", "").replace("\n", "\\n"));
  }
}
