/** The eleven sectors of the Global Industry Classification Standard (GICS), as of its change of March 2023. */
export type Sector = keyof typeof members

/**
 * The sector of each stock of the S&P 500 as of 2024-06-24 (`universes/sp500.ts` names the source; its column `GICS Sector`), and below them of
 * stocks that left the index after 2012, which are put where those of their business stand now.
 */
const members = {
  'Communication Services': `
    CHTR CMCSA DIS EA FOX FOXA GOOG GOOGL IPG LYV META MTCH NFLX NWS NWSA OMC PARA T TMUS TTWO VZ WBD
    ATVI CBS CTL DISCA DISCK DISH FB FTR LUMN LVLT SNI TRIP TWTR TWX VIA VIAB VIAC YHOO`,
  'Consumer Discretionary': `
    ABNB AMZN APTV AZO BBWI BBY BKNG BWA CCL CMG CZR DECK DHI DPZ DRI EBAY ETSY EXPE F GM GPC GRMN HAS HD HLT KMX LEN LKQ
    LOW LULU LVS MAR MCD MGM MHK NCLH NKE NVR ORLY PHM POOL RCL RL ROST SBUX TJX TPR TSCO TSLA ULTA WYNN YUM
    AAP AN BBBY COH CPRI DLPH FL FOSL GCI GME GPS GT HAR HBI HOG HRB JWN KORS KSS LB LEG M MAT NWL PCLN PENN PVH SIG SPLS
    TIF UA UAA URBN VFC WHR WYN`,
  'Consumer Staples': `
    ADM BF.B BG CAG CHD CL CLX COST CPB DG DLTR EL GIS HRL HSY K KDP KHC KMB KO KR KVUE LW MDLZ MKC MNST MO PEP PG PM SJM
    STZ SYY TAP TGT TSN WBA WMT
    AVP COTY DPS KRFT LO MJN RAI SWY TR WFM`,
  Energy: `
    APA BKR COP CTRA CVX DVN EOG EQT FANG HAL HES KMI MPC MRO OKE OXY PSX SLB TRGP VLO WMB XOM
    ANDV APC BHGE BHI CAM CHK CNX COG CXO DNR DO ESV FTI HFC HP MUR NBL NBR NE NFX NOV PXD QEP RDC RIG RRC SE SWN TSO WPX XEC`,
  Financials: `
    ACGL AFL AIG AIZ AJG ALL AMP AON AXP BAC BEN BK BLK BRK.B BRO BX C CB CBOE CFG CINF CME COF CPAY DFS EG FDS FI FIS FITB
    GL GPN GS HBAN HIG ICE IVZ JKHY JPM KEY KKR L MA MCO MET MKTX MMC MS MSCI MTB NDAQ NTRS PFG PGR PNC PRU PYPL RF RJF
    SCHW SPGI STT SYF TFC TROW TRV USB V WFC WRB WTW
    AMG BBT BHF CMA ETFC FISV FLT FRC GNW HCBK JEF LM LNC LUK NAVI NYX PBCT RE SBNY SIVB SLM STI TMK TSS UNM
    WLTW WU XL ZION`,
  'Health Care': `
    A ABBV ABT ALGN AMGN BAX BDX BIIB BIO BMY BSX CAH CI CNC COO COR CRL CTLT CVS DGX DHR DVA DXCM ELV EW GEHC GILD HCA
    HOLX HSIC HUM IDXX INCY IQV ISRG JNJ LH LLY MCK MDT MOH MRK MRNA MTD PFE PODD REGN RMD RVTY SOLV STE SYK TECH TFX
    TMO UHS UNH VRTX VTRS WAT WST ZBH ZTS
    ABC ABMD AET AGN ALXN ANTM BCR CELG CERN CFN COV CVH ENDP ESRX EVHC FRX HSP LIFE MNK MYL NKTR OGN PDCO PKI PRGO STJ THC
    VAR WCG XRAY`,
  Industrials: `
    AAL ADP ALLE AME AOS AXON BA BLDR BR CARR CAT CHRW CMI CPRT CSX CTAS DAL DAY DE DOV EFX EMR ETN EXPD FAST FDX FTV GD
    GE GEV GNRC GWW HII HON HUBB HWM IEX IR ITW J JBHT JCI LDOS LHX LMT LUV MAS MMM NDSN NOC NSC ODFL OTIS PAYC PAYX
    PCAR PH PNR PWR ROK ROL RSG RTX SNA SWK TDG TT TXT UAL UBER UNP UPS URI VLTO VRSK WAB WM XYL
    ALK ARNC AYI COL DNB FBHS FLR FLS HRS JEC JOY KSU LLL NLSN PBI PLL R RHI RTN SRCL TYC UTX`,
  'Information Technology': `
    AAPL ACN ADBE ADI ADSK AKAM AMAT AMD ANET ANSS APH AVGO CDNS CDW CRM CRWD CSCO CTSH ENPH EPAM FFIV FICO FSLR FTNT GDDY
    GEN GLW HPE HPQ IBM INTC INTU IT JBL JNPR KEYS KLAC LRCX MCHP MPWR MSFT MSI MU NOW NTAP NVDA NXPI ON ORCL PANW PTC
    QCOM QRVO ROP SMCI SNPS STX SWKS TDY TEL TER TRMB TXN TYL VRSN WDC ZBRA
    ALTR BRCM CA CSC CSRA CTXS DELL DXC EMC FLIR IPGP JDSU LLTC LSI MOLX NLOK RHT SEDG SNDK SYMC TDC XLNX XRX`,
  Materials: `
    ALB AMCR APD AVY BALL CE CF CTVA DD DOW ECL EMN FCX FMC IFF IP LIN LYB MLM MOS NEM NUE PKG PPG SHW STLD VMC WRK
    AA ARG ATI BLL BMS CLF DWDP MON MWV OI PX SEE SIAL X`,
  'Real Estate': `
    AMT ARE AVB BXP CBRE CCI CPT CSGP DLR DOC EQIX EQR ESS EXR FRT HST INVH IRM KIM MAA O PLD PSA REG SBAC SPG UDR VICI
    VTR WELL WY
    AIV CBG DRE GGP HCN HCP MAC PCL PEAK SLG VNO`,
  Utilities: `
    AEE AEP AES ATO AWK CEG CMS CNP D DTE DUK ED EIX ES ETR EVRG EXC FE LNT NEE NI NRG PCG PEG PNW PPL SO SRE VST WEC XEL
    GAS POM SCG TE TEG WR`,
} as const

const sectors: ReadonlyMap<string, Sector> = new Map(
  Object.entries(members).flatMap(([sector, symbols]) =>
    symbols
      .trim()
      .split(/\s+/)
      .map((symbol) => [symbol, sector as Sector] as const),
  ),
)

/** The names of the sectors. */
export const sectorList = Object.keys(members) as readonly Sector[]

/** The sector of a stock by its symbol in capitals; undefined when the table does not know it. */
export const sectorOf = (symbol: string): Sector | undefined => sectors.get(symbol)

/** Symbols of one company, by the first of them. Their prices move as one. */
const classes = [
  ...[
    ['GOOG', 'GOOGL'],
    ['FOX', 'FOXA'],
    ['NWS', 'NWSA'],
    ['DISCA', 'DISCK'],
    ['UA', 'UAA'],
    ['VIA', 'VIAB'],
  ],
  ...[
    ['BRK.B', 'BRK.A'],
    ['BF.B', 'BF.A'],
    ['LEN', 'LEN.B'],
    ['CBS', 'CBS.A'],
  ],
  // One company under two symbols, at different times or in recordings of different length.
  ...[
    ['GOOG', 'GOOG-LONG'],
    ['ORCL', 'ORCL-LONG'],
    ['YHOO', 'YHOO-LONG'],
    ['FB', 'META'],
    ['LUK', 'JEF'],
  ],
]
const companies: ReadonlyMap<string, string> = new Map(
  classes.flatMap(([first, ...others]) => others.map((other) => [other, first!] as const)),
)

/**
 * The symbol that stands for the company of a symbol: `GOOG` of both `GOOG` and `GOOGL`. Symbols that are held out of a training
 * are chosen by company, or one share class tells about the other.
 */
export const companyOf = (symbol: string): string => companies.get(symbol) ?? symbol
