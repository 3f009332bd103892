const PEM = '-----BEGIN CERTIFICATE-----';

/** A certificate as kubeconfigs have it, from PEM or from base64 of it; undefined if it is none. */
export function certificateAuthorityData(text: string): string | undefined {
  const given = text.trim();
  if (given.startsWith(PEM)) return Buffer.from(`${given}\n`).toString('base64');
  const isCertificate = Buffer.from(given, 'base64').toString().trimStart().startsWith(PEM);
  return /^[A-Za-z0-9+/]+={0,2}$/.test(given) && isCertificate ? given : undefined;
}
