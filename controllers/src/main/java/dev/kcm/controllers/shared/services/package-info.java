/**
 * Pure logic over Services and their pods, used by the controllers that write endpoints: which pods
 * a Service selects and which Services select a pod, both by index; ports, addresses and hostnames.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.services.ServicePods} and {@link
 * dev.kcm.controllers.shared.services.ServiceAddresses}. Nothing here has state, reads a clock or
 * talks to a server.
 */
@NullMarked
package dev.kcm.controllers.shared.services;

import org.jspecify.annotations.NullMarked;
