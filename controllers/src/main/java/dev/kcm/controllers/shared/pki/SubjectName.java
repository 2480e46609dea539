package dev.kcm.controllers.shared.pki;

import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * The subject of a certificate, written anew from what is understood of the request's: unknown
 * attributes are dropped, all values of one kind stand together.
 *
 * <p>Immutable.
 */
final class SubjectName {

  private static final List<ASN1ObjectIdentifier> GROUPED =
      List.of(
          BCStyle.C,
          BCStyle.O,
          BCStyle.OU,
          BCStyle.L,
          BCStyle.ST,
          BCStyle.STREET,
          BCStyle.POSTAL_CODE);

  private static final List<ASN1ObjectIdentifier> SINGLE =
      List.of(BCStyle.CN, BCStyle.SERIALNUMBER);

  private SubjectName() {}

  static X500Name of(CertificateRequest request) {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    for (ASN1ObjectIdentifier type : GROUPED) {
      List<String> values = request.values(type);
      if (!values.isEmpty()) {
        name.addMultiValuedRDN(
            values.stream()
                .map(value -> new AttributeTypeAndValue(type, text(value)))
                .toArray(AttributeTypeAndValue[]::new));
      }
    }
    for (ASN1ObjectIdentifier type : SINGLE) {
      List<String> values = request.values(type);
      if (!values.isEmpty() && !values.get(values.size() - 1).isEmpty()) {
        name.addRDN(type, text(values.get(values.size() - 1)));
      }
    }
    return name.build();
  }

  private static ASN1Encodable text(String value) {
    return DERPrintableString.isPrintableString(value)
        ? new DERPrintableString(value)
        : new DERUTF8String(value);
  }
}
