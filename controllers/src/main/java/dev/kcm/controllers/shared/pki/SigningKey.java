package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key that signs JSON Web Tokens: RSA, or EC on P-256, P-384 or P-521.
 *
 * <p>Immutable. Its text shows nothing of the key.
 */
public final class SigningKey {

  private static final Logger log = LoggerFactory.getLogger(SigningKey.class);

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** By the size of the curve's field. */
  private static final Map<Integer, Form> EC =
      Map.of(
          256, new Form("ES256", "SHA256withECDSAinP1363Format"),
          384, new Form("ES384", "SHA384withECDSAinP1363Format"),
          521, new Form("ES512", "SHA512withECDSAinP1363Format"));

  private static final Form RSA = new Form("RS256", "SHA256withRSA");

  /**
   * How a key signs.
   *
   * @param name in a token's header
   * @param algorithm of the platform
   */
  private record Form(String name, String algorithm) {}

  private final PrivateKey key;
  private final Form form;
  private final String id;

  private SigningKey(PrivateKey key, Form form, String id) {
    this.key = key;
    this.form = form;
    this.id = id;
  }

  /**
   * Reads a key.
   *
   * @param file holds it, not encrypted: PKCS #8, PKCS #1 or SEC 1, in PEM
   * @throws IOException when it cannot be read or cannot sign; the message names the file and
   *     nothing of its content
   */
  public static SigningKey read(Path file) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": it cannot be read", e);
    }
    PrivateKeyInfo info;
    try {
      // Causes are left out: a parser may show in its message what it could not parse.
      info = PemBlocks.privateKey(content).orElse(null);
    } catch (IOException | RuntimeException malformed) {
      throw new IOException(file + ": not a private key in PEM form");
    }
    if (info == null) {
      throw new IOException(file + ": no unencrypted private key in PEM form");
    }
    KeyFilePermissions.problem(file).ifPresent(log::warn);
    try {
      return of(info);
    } catch (PkiException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static SigningKey of(PrivateKeyInfo info) throws PkiException {
    PrivateKey key = EncodedKeys.decode(info);
    Form form = form(key);
    return new SigningKey(key, form, id(publicKey(info)));
  }

  private static Form form(PrivateKey key) throws PkiException {
    Form form =
        key instanceof ECPrivateKey ec
            ? EC.get(ec.getParams().getCurve().getField().getFieldSize())
            : key.getAlgorithm().equals("RSA") ? RSA : null;
    if (form == null) {
      throw new PkiException(
          "a key of type " + key.getAlgorithm() + ", allowed: RSA, EC on P-256, P-384 or P-521");
    }
    return form;
  }

  /** The public half, encoded as in certificates; the file need not have it. */
  private static byte[] publicKey(PrivateKeyInfo info) throws PkiException {
    try {
      AsymmetricKeyParameter secret = PrivateKeyFactory.createKey(info);
      AsymmetricKeyParameter open;
      if (secret instanceof RSAPrivateCrtKeyParameters rsa) {
        open = new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
      } else if (secret instanceof ECPrivateKeyParameters ec) {
        ECDomainParameters curve = ec.getParameters();
        open =
            new ECPublicKeyParameters(
                new FixedPointCombMultiplier().multiply(curve.getG(), ec.getD()), curve);
      } else {
        throw new PkiException("a key without a public half");
      }
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(open).getEncoded();
    } catch (IOException | RuntimeException malformed) {
      throw new PkiException("malformed private key");
    }
  }

  private static String id(byte[] publicKey) {
    try {
      return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** How it signs, as a token's header names it: {@code RS256}, {@code ES256} and so on. */
  public String algorithm() {
    return form.name();
  }

  /** Tells the key from others: the hash of its public half, base64 for addresses. */
  public String id() {
    return id;
  }

  /** The signature of a content, in the form that tokens have it. */
  public byte[] sign(byte[] content) throws PkiException {
    try {
      Signature signature = Signature.getInstance(form.algorithm());
      signature.initSign(key);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new PkiException("the key cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + algorithm() + " " + id + "]";
  }
}
