package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Keys of the Java platform from their encoded form. The platform knows elliptic-curve keys by name
 * only, where the library asks for them by identifier.
 *
 * <p>Immutable.
 */
final class EncodedKeys {

  private static final Map<ASN1ObjectIdentifier, String> NAMES =
      Map.of(
          PKCSObjectIdentifiers.rsaEncryption, "RSA",
          X9ObjectIdentifiers.id_ecPublicKey, "EC",
          EdECObjectIdentifiers.id_Ed25519, "Ed25519");

  private EncodedKeys() {}

  /** A private key; the exception shows nothing of it. */
  static PrivateKey decode(PrivateKeyInfo key) throws PkiException {
    KeyFactory factory = factory(key.getPrivateKeyAlgorithm());
    try {
      return factory.generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    } catch (GeneralSecurityException | IOException malformed) {
      throw new PkiException("malformed private key");
    }
  }

  /** A public key. */
  static PublicKey decode(SubjectPublicKeyInfo key) throws PkiException {
    KeyFactory factory = factory(key.getAlgorithm());
    try {
      return factory.generatePublic(new X509EncodedKeySpec(key.getEncoded()));
    } catch (GeneralSecurityException | IOException malformed) {
      throw new PkiException("malformed public key", malformed);
    }
  }

  private static KeyFactory factory(AlgorithmIdentifier algorithm) throws PkiException {
    String name = NAMES.get(algorithm.getAlgorithm());
    if (name == null) {
      throw new PkiException(
          "a key of type " + algorithm.getAlgorithm() + ", allowed: RSA, EC, Ed25519");
    }
    try {
      return KeyFactory.getInstance(name);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no keys of type " + name, e);
    }
  }
}
