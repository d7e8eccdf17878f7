// Limits of Service Quotas, https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html.

export const limits = {
  pageSize: 100,
} as const;
