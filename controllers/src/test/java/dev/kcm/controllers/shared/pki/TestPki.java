package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Requests and authorities for tests. */
@SuppressWarnings("JavaUtilDate") // the library's builder takes nothing else
public final class TestPki {

  /** Begin of the authorities. */
  public static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");

  /** End of the authorities unless told otherwise. */
  public static final Instant END = Instant.parse("2060-01-01T00:00:00Z");

  // Short, since random worlds sign thousands of times.
  static final KeyPair RSA = keys("RSA", 1024);
  static final KeyPair EC = keys("EC", 256);

  private TestPki() {}

  /** A key that signs the same content the same way each time. */
  public static SigningKey signingKey() {
    try {
      Path file = Files.createTempFile("sa", ".key");
      Files.writeString(file, pkcs8(RSA));
      SigningKey key = SigningKey.read(file);
      Files.delete(file);
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The public half of {@link #signingKey()} with its private one. */
  public static KeyPair signingKeys() {
    return RSA;
  }

  static KeyPair keys(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (size > 0) {
        generator.initialize(size);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An authority with an RSA key in two files of a directory. */
  public static AuthorityFiles files(Path directory) {
    return files(directory, END);
  }

  /** The same, ending at a time. */
  public static AuthorityFiles files(Path directory, Instant end) {
    try {
      Files.writeString(directory.resolve("ca.crt"), pem(certificate(RSA, null, end)));
      Path key = Files.writeString(directory.resolve("ca.key"), pem(RSA.getPrivate()));
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      return AuthorityFiles.read(directory.resolve("ca.crt"), directory.resolve("ca.key"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static X509CertificateHolder certificate(KeyPair keys, byte[] keyId, Instant end) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              new X500Name("CN=kubernetes"),
              BigInteger.ONE,
              Date.from(BEGIN),
              Date.from(end),
              new X500Name("CN=kubernetes"),
              SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
      if (keyId != null) {
        builder.addExtension(
            Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId));
      }
      return builder.build(new JcaContentSignerBuilder(signature(keys)).build(keys.getPrivate()));
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signature(KeyPair keys) {
    return switch (keys.getPrivate().getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "Ed25519";
    };
  }

  static String pkcs8(KeyPair keys) throws IOException {
    return pem(new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  /** As {@code openssl ecparam -genkey} writes it: the curve stands in front. */
  static String sec1() throws IOException {
    ASN1ObjectIdentifier curve = SECObjectIdentifiers.secp256r1;
    ECPrivateKey key =
        new ECPrivateKey(
            256, ((java.security.interfaces.ECPrivateKey) EC.getPrivate()).getS(), curve);
    return pem(new PemObject("EC PARAMETERS", curve.getEncoded()))
        + pem(new PemObject("EC PRIVATE KEY", key.getEncoded()));
  }

  static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** A request for this subject, for example {@code O=system:nodes,CN=system:node:n}. */
  public static Request request(String subject) {
    return new Request(subject);
  }

  /** Builds a request. */
  public static final class Request {

    private final String subject;
    private final List<GeneralName> names = new ArrayList<>();
    private KeyPair signingKey = RSA;

    private Request(String subject) {
      this.subject = subject;
    }

    /** A DNS name. */
    public Request dns(String name) {
      return name(GeneralName.dNSName, name);
    }

    /** An IP address. */
    public Request ip(String address) {
      return name(GeneralName.iPAddress, address);
    }

    /** An e-mail address. */
    public Request email(String address) {
      return name(GeneralName.rfc822Name, address);
    }

    /** A URI. */
    public Request uri(String uri) {
      return name(GeneralName.uniformResourceIdentifier, uri);
    }

    /** Names as {@code dns:n ip:10.0.0.1 email:a@b uri:spiffe://x}. */
    public Request names(String text) {
      for (String name : text.split(" ", -1)) {
        String value = name.substring(name.indexOf(':') + 1);
        switch (name.substring(0, Math.max(0, name.indexOf(':')))) {
          case "dns" -> dns(value);
          case "ip" -> ip(value);
          case "email" -> email(value);
          case "uri" -> uri(value);
          default -> {}
        }
      }
      return this;
    }

    Request signedWith(KeyPair keys) {
      signingKey = keys;
      return this;
    }

    private Request name(int kind, String value) {
      names.add(new GeneralName(kind, value));
      return this;
    }

    /** As it stands in {@code spec.request}. */
    public String text() {
      try {
        PKCS10CertificationRequestBuilder builder =
            new PKCS10CertificationRequestBuilder(
                new X500Name(subject),
                SubjectPublicKeyInfo.getInstance(RSA.getPublic().getEncoded()));
        if (!names.isEmpty()) {
          ExtensionsGenerator extensions = new ExtensionsGenerator();
          extensions.addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(names.toArray(GeneralName[]::new)));
          // What the request itself wants to be used for must not count.
          extensions.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning));
          builder.addAttribute(
              PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        }
        String pem =
            pem(
                builder.build(
                    new JcaContentSignerBuilder(signature(signingKey))
                        .build(signingKey.getPrivate())));
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException | OperatorCreationException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Read back. */
    public CertificateRequest parsed() {
      try {
        return CertificateRequest.parse(text());
      } catch (PkiException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
