package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * What a PKCS #10 request asks for. Of its extensions only the alternative names are looked at.
 *
 * <p>Immutable.
 */
public final class CertificateRequest {

  private static final String TYPE = "CERTIFICATE REQUEST";

  /** Kinds of alternative names that are understood, in the order they go into certificates. */
  private static final List<Integer> NAME_KINDS =
      List.of(
          GeneralName.dNSName,
          GeneralName.rfc822Name,
          GeneralName.iPAddress,
          GeneralName.uniformResourceIdentifier);

  private final PKCS10CertificationRequest encoded;
  private final List<GeneralName> alternativeNames;

  private CertificateRequest(PKCS10CertificationRequest encoded, List<GeneralName> names) {
    this.encoded = encoded;
    this.alternativeNames = List.copyOf(names);
  }

  /**
   * Reads {@code spec.request} of a CertificateSigningRequest.
   *
   * @param request PEM in base64; null counts as empty
   * @throws PkiException when its first block of PEM is no request
   */
  public static CertificateRequest parse(@Nullable String request) throws PkiException {
    try {
      PKCS10CertificationRequest encoded = new PKCS10CertificationRequest(der(request));
      return new CertificateRequest(encoded, alternativeNames(encoded));
    } catch (IOException | RuntimeException malformed) {
      throw new PkiException("malformed certificate request", malformed);
    }
  }

  private static byte[] der(@Nullable String request) throws IOException, PkiException {
    byte[] pem = Base64.getMimeDecoder().decode(Objects.requireNonNullElse(request, ""));
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    try (PemReader reader = new PemReader(new StringReader(text))) {
      PemObject block = reader.readPemObject();
      if (block == null || !block.getType().equals(TYPE)) {
        throw new PkiException("PEM block type must be " + TYPE);
      }
      return block.getContent();
    }
  }

  private static List<GeneralName> alternativeNames(PKCS10CertificationRequest encoded)
      throws PkiException {
    List<GeneralName> names = new ArrayList<>();
    for (GeneralName name : requestedNames(encoded)) {
      if (name.getTagNo() == GeneralName.iPAddress) {
        requireAddress(ASN1OctetString.getInstance(name.getName()).getOctets().length);
      }
      if (NAME_KINDS.contains(name.getTagNo())) {
        names.add(name);
      }
    }
    names.sort((a, b) -> order(a) - order(b));
    return names;
  }

  private static GeneralName[] requestedNames(PKCS10CertificationRequest encoded) {
    return encoded.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest).length == 0
        ? new GeneralName[0]
        : Optional.ofNullable(encoded.getRequestedExtensions())
            .map(CertificateRequest::namesIn)
            .map(GeneralNames::getNames)
            .orElseGet(() -> new GeneralName[0]);
  }

  private static @Nullable GeneralNames namesIn(Extensions extensions) {
    return GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
  }

  private static int order(GeneralName name) {
    return NAME_KINDS.indexOf(name.getTagNo());
  }

  private static void requireAddress(int length) throws PkiException {
    if (length != 4 && length != 16) {
      throw new PkiException("cannot parse IP address of length " + length);
    }
  }

  /** The organizations of the subject, in the order they stand there. */
  public List<String> organizations() {
    return values(BCStyle.O);
  }

  /** The last common name of the subject; empty when there is none. */
  public String commonName() {
    List<String> names = values(BCStyle.CN);
    return names.isEmpty() ? "" : names.get(names.size() - 1);
  }

  /** Whether an alternative name is a DNS name. */
  public boolean hasDnsName() {
    return has(GeneralName.dNSName);
  }

  /** Whether an alternative name is an IP address. */
  public boolean hasIpAddress() {
    return has(GeneralName.iPAddress);
  }

  /** Whether an alternative name is an e-mail address. */
  public boolean hasEmailAddress() {
    return has(GeneralName.rfc822Name);
  }

  /** Whether an alternative name is a URI. */
  public boolean hasUri() {
    return has(GeneralName.uniformResourceIdentifier);
  }

  private boolean has(int kind) {
    return alternativeNames.stream().anyMatch(name -> name.getTagNo() == kind);
  }

  /** DNS names, e-mail addresses, IP addresses and URIs, in this order. */
  List<GeneralName> alternativeNames() {
    return alternativeNames;
  }

  SubjectPublicKeyInfo publicKey() {
    return encoded.getSubjectPublicKeyInfo();
  }

  /** All texts of one type of attribute in the subject. */
  List<String> values(ASN1ObjectIdentifier type) {
    List<String> values = new ArrayList<>();
    X500Name subject = encoded.getSubject();
    for (RDN rdn : subject.getRDNs()) {
      for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
        ASN1Encodable value = attribute.getValue();
        if (attribute.getType().equals(type) && value instanceof ASN1String text) {
          values.add(text.getString());
        }
      }
    }
    return values;
  }

  /**
   * Checks that whoever wrote the request holds the private key.
   *
   * @throws PkiException when not, or when the algorithm is not known
   */
  void verify() throws PkiException {
    String problem = "unable to verify certificate request signature: ";
    try {
      PublicKey key = EncodedKeys.decode(publicKey());
      if (!encoded.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new PkiException("it is not that of the request's key");
      }
    } catch (PkiException | OperatorCreationException | PKCSException | RuntimeException e) {
      throw new PkiException(problem + e.getMessage(), e);
    }
  }
}
