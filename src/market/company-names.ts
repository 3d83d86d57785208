/** A symbol with the names that people call it, and the next after a semicolon; the first name is shown. */
const text = `
A Agilent; AAL American Airlines; AAPL Apple; ACHR Archer Aviation; ABBV AbbVie; ABC AmerisourceBergen; ABNB Airbnb;
ABT Abbott, Abbott Laboratories; ACN Accenture; ADBE Adobe; ADI Analog Devices; ADM Archer Daniels Midland;
ADP ADP, Automatic Data Processing; ADSK Autodesk; AEE Ameren; AES AES; AET Aetna; AFL Aflac; AFRM Affirm;
AIG AIG, American International Group; AIV Aimco; AJG Gallagher, Arthur J Gallagher; AKAM Akamai;
ALK Alaska Air, Alaska Airlines; ALL Allstate; ALXN Alexion; AMC AMC Entertainment; AMAT Applied Materials; AMD Advanced Micro Devices, A M D;
AME Ametek; AMGN Amgen; AMP Ameriprise; AMT American Tower; AMZN Amazon; AN AutoNation; APA Apache; APLD Applied Digital; APH Amphenol;
ARE Alexandria Real Estate; ARNC Arconic; ARM Arm Holdings; ASML ASML; AVGO Broadcom; AVY Avery Dennison;
AXP American Express, Amex; BA Boeing; BABA Alibaba; BAC Bank of America, BofA; BAX Baxter; BB BlackBerry; BBT BB and T;
BBY Best Buy; BCR Bard; BDX Becton Dickinson; BE Bloom Energy; BHF Brighthouse, Brighthouse Financial; BIDU Baidu;
BIG Big Lots; BK BNY Mellon, Bank of New York; BKNG Booking, Booking Holdings; BLK BlackRock; BLL Ball; BNTX BioNTech;
BMY Bristol Myers, Bristol Myers Squibb; BRK.B Berkshire, Berkshire Hathaway; BWA BorgWarner; BX Blackstone;
BYND Beyond Meat; C Citigroup, Citi; CAG Conagra; CAH Cardinal Health; CAT Caterpillar; CB Chubb; CBS CBS;
CCI Crown Castle; CCL Carnival; CELH Celsius; CF CF Industries; CFG Citizens Financial; CHK Chesapeake, Chesapeake Energy;
CHPT ChargePoint; CHWY Chewy; CI Cigna; CINF Cincinnati Financial; CL Colgate, Colgate Palmolive; CLOV Clover Health; CLSK CleanSpark; CLX Clorox; CMA Comerica;
CMCSA Comcast; CME CME Group; CMG Chipotle; CMI Cummins; CNC Centene; COIN Coinbase, Coin Base; COP ConocoPhillips; COST Costco;
COTY Coty; CRM Salesforce; CRSP CRISPR, CRISPR Therapeutics; CRWD CrowdStrike; CSCO Cisco; CTAS Cintas; CTL CenturyLink;
CTSH Cognizant; CVNA Carvana; CVS CVS Health; CVX Chevron; DAL Delta, Delta Air Lines; DASH DoorDash; DDOG Datadog;
DE Deere, John Deere; DELL Dell; DFS Discover, Discover Financial; DG Dollar General; DGX Quest Diagnostics; DHR Danaher;
DIS Disney, Walt Disney; DISCA Discovery; DISCK Discovery class C; DJT Trump Media; DKNG DraftKings; DLTR Dollar Tree;
DOCU DocuSign; DRE Duke Realty; EA Electronic Arts; EAT Brinker; EBAY eBay; ECL Ecolab; EFX Equifax;
EIX Edison International; EL Estee Lauder; EMN Eastman Chemical; ENPH Enphase; EQR Equity Residential;
ESRX Express Scripts; ETN Eaton; ETR Entergy; ETSY Etsy; EVHC Envision Healthcare; EW Edwards Lifesciences;
EXPD Expeditors; EXPE Expedia; F Ford; FAST Fastenal; FB Facebook, Face Book; FBHS Fortune Brands; FCX Freeport, Freeport McMoRan;
FDX FedEx; FFIV F5 Networks; FIS Fidelity National; FL Foot Locker; FLS Flowserve; FOX Fox class B; FOXA Fox class A;
FSLR First Solar; FTI TechnipFMC; FUBO fuboTV; GD General Dynamics; GE General Electric, GE Aerospace;
GLD SPDR Gold Shares; GLW Corning; GM General Motors; GME GameStop, Game Stop; GOOD Gladstone; GOOG Google, Alphabet class C;
GOOGL Alphabet, Google class A; GPC Genuine Parts; GPRO GoPro; GRMN Garmin; GS Goldman, Goldman Sachs; GT Goodyear;
HAL Halliburton; HAS Hasbro; HCP HCP; HD Home Depot; HIG Hartford; HIMS Hims and Hers; HLT Hilton; HOLX Hologic;
HON Honeywell; HOOD Robinhood, Robin Hood; HPE Hewlett Packard Enterprise; HPQ HP; HRB H and R Block; HRS Harris; HSIC Henry Schein;
HST Host Hotels; HUM Humana; IBM IBM; ICE Intercontinental Exchange; IFF International Flavors; INTC Intel; INTU Intuit;
IONQ IonQ; IP International Paper; IT Gartner; IVZ Invesco; IWM iShares Russell 2000; JBLU JetBlue; JCI Johnson Controls;
JD JD.com; JNJ Johnson and Johnson; JOBY Joby Aviation, Joby; JPM JPMorgan, JPMorgan Chase, JP Morgan; KEY KeyCorp; KIM Kimco;
KLAC KLA; KO Coca-Cola, Coke; KORS Michael Kors; KR Kroger; KSS Kohl's; KSU Kansas City Southern; L Loews; LB L Brands;
LCID Lucid, Lucid Motors; LEG Leggett; LEN Lennar; LI Li Auto; KHC Kraft Heinz; LLY Eli Lilly, Lilly; LMND Lemonade Inc; LMT Lockheed, Lockheed Martin;
LOVE Lovesac; LOW Lowe's; LRCX Lam Research; LUK Leucadia; LULU Lululemon; LUV Southwest, Southwest Airlines;
LVLT Level 3; LYFT Lyft; MA Mastercard; MAC Macerich; MARA Marathon Digital, Marathon; MAT Mattel; MCD McDonald's; MCHP Microchip;
MCK McKesson; MCO Moody's; MDB MongoDB; MDT Medtronic; META Meta Platforms, Facebook; MGM MGM Resorts; MHK Mohawk;
MKC McCormick; MMM 3M; MO Altria; MOS Mosaic; MPC Marathon Petroleum; MRK Merck; MRNA Moderna; MRO Marathon Oil; MRVL Marvell;
MS Morgan Stanley; MSFT Microsoft; MSI Motorola, Motorola Solutions; MSTR MicroStrategy; MTB M and T Bank; MU Micron;
NDAQ Nasdaq Inc; NEE NextEra; NET Cloudflare; NFLX Netflix; NICE NICE Systems; NIO NIO; NKE Nike; NKLA Nikola; NOC Northrop, Northrop Grumman; NOK Nokia;
NOW ServiceNow; NRG NRG Energy; NTRS Northern Trust; NVDA Nvidia; NVAX Novavax; NVO Novo Nordisk; NWS News Corp; O Realty Income;
OKE Oneok; OKTA Okta; ON ON Semiconductor, onsemi; ONE OneSmart; OPEN Opendoor; ORCL Oracle; OUT Outfront;
OXY Occidental, Occidental Petroleum; PANW Palo Alto, Palo Alto Networks; PAYX Paychex; PBCT People's United;
PCG PG and E; PDD Pinduoduo; PENN Penn Entertainment; PEP Pepsi, PepsiCo; PFE Pfizer; PG Procter and Gamble; PGR Progressive;
PH Parker Hannifin; PHM PulteGroup; PINS Pinterest; PKG Packaging Corp; PLAY Dave and Buster's; PLTR Palantir;
PLUG Plug Power; PM Philip Morris; PNR Pentair; PNW Pinnacle West; POST Post Holdings; PPL PPL; PRGO Perrigo;
PTON Peloton; PVH PVH; PWR Quanta; PXD Pioneer Natural Resources; PYPL PayPal, Pay Pal; QCOM Qualcomm; QQQ Invesco QQQ;
RBLX Roblox; RDDT Reddit; REAL RealReal; REG Regency Centers; REGN Regeneron; RF Regions, Regions Financial;
RHI Robert Half; RGTI Rigetti; RIOT Riot Platforms, Riot Blockchain; RIVN Rivian; RJF Raymond James; RKLB Rocket Lab; RMD ResMed; ROK Rockwell;
ROKU Roku; ROP Roper; RTX Raytheon; RSG Republic Services; RUN Sunrun; SAFE Safehold; SAVE Spirit Airlines; SBUX Starbucks;
SCHW Schwab, Charles Schwab; SHOP Shopify; SIG Signet; SIRI Sirius, Sirius XM; SMCI Supermicro, Super Micro; SNA Snap-on;
SNAP Snapchat, Snap Inc; SNOW Snowflake; SNPS Synopsys; SO Southern Company; SOFI SoFi Technologies, So Fi; SONY Sony; SOUN SoundHound, SoundHound AI, Sound Hound;
SPCE Virgin Galactic; SPOT Spotify; SPY SPDR S&P 500; STLA Stellantis; SQ Square Inc; STAY Extended Stay; SWKS Skyworks; SYF Synchrony;
SYMC Symantec; SYY Sysco; T AT&T, ATT; TGT Target Corp; TIF Tiffany; TJX TJ Maxx; TLRY Tilray; TLT iShares 20+ Year Treasury;
TMK Torchmark; TMO Thermo Fisher; TMUS T-Mobile; TSCO Tractor Supply; TSLA Tesla; TSM TSMC, Taiwan Semiconductor;
TM Toyota; TSS Total System Services; TTD Trade Desk; TWLO Twilio; TWX Time Warner; TXN Texas Instruments; TXT Textron; U Unity Software;
UA Under Armour; UAL United Airlines; UBER Uber; UHS Universal Health; UNH UnitedHealth; UNP Union Pacific;
UPS UPS, United Parcel Service; UPST Upstart; V Visa; VAR Varian; VLO Valero; VMC Vulcan Materials; VRSN Verisign;
VRTX Vertex, Vertex Pharmaceuticals; VZ Verizon; W Wayfair; WAT Waters; WBA Walgreens; WDAY Workday; WELL Welltower;
WFC Wells Fargo; WLTW Willis Towers Watson; WMB Williams Companies; WMT Walmart; WY Weyerhaeuser; X US Steel;
XEC Cimarex; XEL Xcel Energy; XOM Exxon, Exxon Mobil, ExxonMobil; XPEV XPeng; XRX Xerox; Z Zillow; ZION Zions; ZM Zoom Video, Zoom Communications;
BTC-USD Bitcoin; ETH-USD Ether, Ethereum; SOL-USD Solana; DOGE-USD Dogecoin; XRP-USD Ripple; ADA-USD Cardano;
LTC-USD Litecoin; AVAX-USD Avalanche; LINK-USD Chainlink
`

/** The names of common US stocks and coins by symbol, the shown one first. A market may have none of them, and others. */
export const companyNames: ReadonlyMap<string, readonly string[]> = new Map(
  text
    .trim()
    .split(/;\s+/)
    .map((entry) => {
      const [symbol = '', names = ''] = entry.split(/ (.*)/)
      return [symbol, names.split(', ')] as const
    }),
)
