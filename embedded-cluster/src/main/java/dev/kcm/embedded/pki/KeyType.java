package dev.kcm.embedded.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** Kinds of key pairs that certificates are made for. */
enum KeyType {
  /** What clusters set up by hand use, and every client reads. Takes some 0.1 s to make. */
  RSA_2048,
  /** Made in a millisecond. */
  EC_P256;

  /** Size of the curve's order. */
  static final int EC_BITS = 256;

  KeyPair generate() {
    try {
      KeyPairGenerator generator;
      if (this == RSA_2048) {
        generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
      } else {
        generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot make " + this + " keys", e);
    }
  }
}
