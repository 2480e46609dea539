package dev.kcm.embedded.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes certificates from a directory, or makes and stores them. Confined to the caller's thread.
 */
final class StoredPki {

  private static final Logger LOG = LoggerFactory.getLogger(StoredPki.class);
  private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);

  private final PkiDirectory files;
  private final KeyType keyType;
  private final Instant now;

  StoredPki(PkiDirectory files, KeyType keyType, Instant now) {
    this.files = files;
    this.keyType = keyType;
    this.now = now;
  }

  CertificateAuthority authority(String name, String commonName) {
    return files
        .credential(name)
        .filter(found -> usable(name, found, found.certificate()))
        .map(CertificateAuthority::of)
        .orElseGet(
            () -> {
              CertificateAuthority made = CertificateAuthority.create(commonName, keyType, now);
              files.write(name, made.credential());
              return made;
            });
  }

  Credential leaf(String name, CertificateAuthority authority, CertificateSpec spec) {
    return files
        .credential(name)
        .filter(found -> usable(name, found, authority.certificate()) && fits(name, found, spec))
        .orElseGet(
            () -> {
              Credential made = authority.issue(spec, keyType, now);
              files.write(name, made);
              return made;
            });
  }

  /** Makes {@code sa.key} when missing, and writes the public half beside it. */
  KeyPair serviceAccountKey() {
    KeyPair pair =
        files
            .keyPair("sa.key")
            .orElseGet(
                () -> {
                  KeyPair made = keyType.generate();
                  files.writePrivate("sa.key", Pem.of(made.getPrivate()));
                  return made;
                });
    files.writePublic("sa.pub", Pem.of(pair.getPublic()));
    return pair;
  }

  private boolean usable(String name, Credential found, X509Certificate issuer) {
    if (found.certificate().getNotAfter().toInstant().isBefore(now.plus(RENEWED_BEFORE_END))) {
      return replaced(name, "it expires on " + found.certificate().getNotAfter().toInstant());
    }
    if (!isSignedBy(found.certificate(), issuer.getPublicKey())) {
      return replaced(name, "another authority signed it");
    }
    return belongTogether(found) || replaced(name, "its key belongs to another certificate");
  }

  private static boolean fits(String name, Credential found, CertificateSpec spec) {
    X500Principal wanted = CertificateAuthority.principal(spec);
    if (!found.certificate().getSubjectX500Principal().equals(wanted)) {
      return replaced(name, "its subject is not " + wanted.getName());
    }
    return alternativeNames(found.certificate())
            .containsAll(CertificateAuthority.alternativeNames(spec))
        || replaced(name, "it lacks one of the names " + String.join(", ", spec.serverNames()));
  }

  private static boolean replaced(String name, String why) {
    LOG.warn("The certificate {}.pem is made anew: {}", name, why);
    return false;
  }

  private static boolean isSignedBy(X509Certificate certificate, PublicKey issuer) {
    try {
      certificate.verify(issuer);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean belongTogether(Credential credential) {
    String algorithm = CertificateAuthority.signatureAlgorithm(credential.key());
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(credential.key());
      byte[] signed = signature.sign();
      signature.initVerify(credential.certificate().getPublicKey());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Set<GeneralName> alternativeNames(X509Certificate certificate) {
    try {
      GeneralNames names =
          GeneralNames.fromExtensions(
              new JcaX509CertificateHolder(certificate).getExtensions(),
              Extension.subjectAlternativeName);
      return names == null ? Set.of() : Set.of(names.getNames());
    } catch (CertificateEncodingException e) {
      return Set.of();
    }
  }
}
