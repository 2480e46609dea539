/**
 * The approver of kubelets' client certificates: who may ask for the client certificate of a
 * kubelet, by RBAC, gets it without a human's word.
 *
 * <p><b>Watches</b> CertificateSigningRequests, for new ones.
 *
 * <p><b>Writes</b> subjectaccessreviews: create; certificatesigningrequests/approval: update;
 * signers: approve (the server asks for it, of {@code
 * kubernetes.io/kube-apiserver-client-kubelet}).
 *
 * <p><b>Queue key</b> {@code certificate}; name of the request; 5 workers; failed requests wait 200
 * ms to 1000 s.
 *
 * <p><b>Flags</b> none.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> {@code Approved}, reason {@code AutoApproved}.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> serving certificates are never approved; what was judged is not judged
 * again; nothing is approved without an access review that allows it.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>A request on its way out is left alone; <i>nobody will use its certificate</i>
 *   <li>A refused request is logged as a warning at each try; <i>upstream tells of it at high
 *       verbosity only, and joining nodes wait in silence</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.csrapproving;

import org.jspecify.annotations.NullMarked;
