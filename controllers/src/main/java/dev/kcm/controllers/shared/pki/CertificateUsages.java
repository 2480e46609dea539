package dev.kcm.controllers.shared.pki;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What a certificate may be used for.
 *
 * @param keyUsage bits of {@link KeyUsage}; 0 for none
 * @param purposes of the extended key usage, in the order they go into certificates
 */
public record CertificateUsages(int keyUsage, List<KeyPurposeId> purposes) {

  private static final Map<String, Integer> BITS =
      Map.of(
          "signing", KeyUsage.digitalSignature,
          "digital signature", KeyUsage.digitalSignature,
          "content commitment", KeyUsage.nonRepudiation,
          "key encipherment", KeyUsage.keyEncipherment,
          "key agreement", KeyUsage.keyAgreement,
          "data encipherment", KeyUsage.dataEncipherment,
          "cert sign", KeyUsage.keyCertSign,
          "crl sign", KeyUsage.cRLSign,
          "encipher only", KeyUsage.encipherOnly,
          "decipher only", KeyUsage.decipherOnly);

  /** In the order they go into certificates. */
  private static final Map<String, KeyPurposeId> PURPOSES = purposesByUsage();

  public CertificateUsages {
    purposes = List.copyOf(purposes);
  }

  /**
   * Reads {@code spec.usages} of a CertificateSigningRequest.
   *
   * @throws PkiException when one is not known; the message names all of them
   */
  public static CertificateUsages of(List<String> usages) throws PkiException {
    Set<String> unknown = new TreeSet<>(usages);
    unknown.removeAll(BITS.keySet());
    unknown.removeAll(PURPOSES.keySet());
    if (!unknown.isEmpty()) {
      throw new PkiException(
          unknown.stream()
              .map(usage -> "\"" + usage + "\"")
              .collect(Collectors.joining(" ", "unrecognized usage values: [", "]")));
    }
    int bits = 0;
    for (String usage : usages) {
      bits |= BITS.getOrDefault(usage, 0);
    }
    List<KeyPurposeId> purposes = new ArrayList<>();
    PURPOSES.forEach(
        (usage, purpose) -> {
          if (usages.contains(usage) && !purposes.contains(purpose)) {
            purposes.add(purpose);
          }
        });
    return new CertificateUsages(bits, purposes);
  }

  private static Map<String, KeyPurposeId> purposesByUsage() {
    Map<String, KeyPurposeId> purposes = new LinkedHashMap<>();
    purposes.put("any", KeyPurposeId.anyExtendedKeyUsage);
    purposes.put("server auth", KeyPurposeId.id_kp_serverAuth);
    purposes.put("client auth", KeyPurposeId.id_kp_clientAuth);
    purposes.put("code signing", KeyPurposeId.id_kp_codeSigning);
    purposes.put("email protection", KeyPurposeId.id_kp_emailProtection);
    purposes.put("s/mime", KeyPurposeId.id_kp_emailProtection);
    purposes.put("ipsec end system", KeyPurposeId.id_kp_ipsecEndSystem);
    purposes.put("ipsec tunnel", KeyPurposeId.id_kp_ipsecTunnel);
    purposes.put("ipsec user", KeyPurposeId.id_kp_ipsecUser);
    purposes.put("timestamping", KeyPurposeId.id_kp_timeStamping);
    purposes.put("ocsp signing", KeyPurposeId.id_kp_OCSPSigning);
    purposes.put("microsoft sgc", purpose("1.3.6.1.4.1.311.10.3.3"));
    purposes.put("netscape sgc", purpose("2.16.840.1.113730.4.1"));
    return purposes;
  }

  private static KeyPurposeId purpose(String oid) {
    return KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oid));
  }
}
