package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * The CertificateSigningRequest of a kubelet that joins.
 *
 * <p>Immutable.
 */
final class KubeletRequest {

  private static final X500Name SUBJECT = new X500Name("O=system:nodes,CN=system:node:worker");

  private KubeletRequest() {}

  /** For the certificate with which it talks to the API server. */
  static ObjectNode client(String name) throws IOException {
    return request(name, "kubernetes.io/kube-apiserver-client-kubelet", "client auth", null);
  }

  /** For the certificate of its own port. */
  static ObjectNode serving(String name) throws IOException {
    return request(
        name,
        "kubernetes.io/kubelet-serving",
        "server auth",
        new GeneralNames(new GeneralName(GeneralName.dNSName, "worker")));
  }

  private static ObjectNode request(
      String name, String signer, String usage, @Nullable GeneralNames names) throws IOException {
    return Trees.of(
        ("{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest',"
                + "'metadata':{'name':'%s'},'spec':{'signerName':'%s','request':'%s',"
                + "'usages':['digital signature','%s']}}")
            .formatted(name, signer, Trees.base64(pkcs10(names)), usage));
  }

  private static String pkcs10(@Nullable GeneralNames names) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      PKCS10CertificationRequestBuilder builder =
          new PKCS10CertificationRequestBuilder(
              SUBJECT, SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
      if (names != null) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, names);
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      byte[] encoded =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
              .getEncoded();
      StringWriter text = new StringWriter();
      try (PemWriter writer = new PemWriter(text)) {
        writer.writeObject(new PemObject("CERTIFICATE REQUEST", encoded));
      }
      return text.toString();
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this JVM has no EC keys", e);
    }
  }
}
