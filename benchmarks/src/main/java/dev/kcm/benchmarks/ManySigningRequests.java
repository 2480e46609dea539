package dev.kcm.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Requests for certificates of kubelets that are approved one after the other, as fast as the
 * server takes them.
 *
 * <p>Thread-safe: what the watch's threads and the load share is concurrent.
 */
final class ManySigningRequests implements ServedWorld {

  private static final String GROUP = "certificates.k8s.io/v1";
  private static final String RESOURCE = "certificatesigningrequests";
  private static final String APPROVED =
      "{'status':{'conditions':[{'type':'Approved','status':'True','reason':'Bench',"
          + "'message':'approved'}]}}";
  private static final int PATIENCE_SECONDS = 110;

  private final int requests;
  private final Map<String, Long> approved = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> lags = new ConcurrentLinkedQueue<>();
  private final CountDownLatch issued;

  ManySigningRequests(int requests) {
    this.requests = requests;
    issued = new CountDownLatch(requests);
  }

  @Override
  public void fill(ApiServer server) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      ContentSigner signer =
          new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      for (int i = 0; i < requests; i++) {
        ServedWorld.create(
            server, new Target(GROUP, RESOURCE, "", "", ""), request(i, keys, signer));
      }
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String request(int number, KeyPair keys, ContentSigner signer) throws IOException {
    X500Principal subject = new X500Principal("O=system:nodes,CN=system:node:node-" + number);
    byte[] der =
        new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
            .build(signer)
            .getEncoded();
    String pem =
        "-----BEGIN CERTIFICATE REQUEST-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END CERTIFICATE REQUEST-----\n";
    return ("{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest',"
            + "'metadata':{'name':'%s'},'spec':{'request':'%s','signerName':"
            + "'kubernetes.io/kube-apiserver-client-kubelet',"
            + "'usages':['digital signature','client auth']}}")
        .formatted(
            name(number),
            Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String name(int number) {
    return "csr-" + number;
  }

  @Override
  public boolean settled(ApiServer server) {
    return true;
  }

  @Override
  public Outcome load(ApiServer server) throws Exception {
    // The watch ends with the server.
    var unused =
        server.watch(
            new Target(GROUP, RESOURCE, "", "", "").request(Verb.WATCH, null, ""), issuing());
    long begin = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      approved.put(name(i), System.nanoTime());
      ServedWorld.merge(server, new Target(GROUP, RESOURCE, "", name(i), "approval"), APPROVED);
    }
    if (!issued.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(issued.getCount() + " certificates were never issued");
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Outcome(
        requests,
        String.format(
            Locale.ROOT,
            "%d certificates issued in %.2f s, from approval to certificate %s",
            requests,
            seconds,
            ServedWorld.percentiles(new ArrayList<>(lags))));
  }

  private WatchSink issuing() {
    return new WatchSink() {
      @Override
      public void event(WatchEvent event) {
        JsonNode object = event.object();
        if (!object.path("status").path("certificate").asText().isEmpty()) {
          Long since = approved.remove(object.path("metadata").path("name").asText());
          if (since != null) {
            lags.add(System.nanoTime() - since);
            issued.countDown();
          }
        }
      }

      @Override
      public void closed() {
        // The load has ended.
      }
    };
  }
}
